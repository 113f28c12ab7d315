from __future__ import annotations

from django.urls import path

from apps.dmp.views import detail, document_list, files, selection, visibility

app_name = "dmp"
urlpatterns = [
    path("documents/", document_list.document_list, name="document_list"),
    path("documents/masquer/", selection.selection_hide, name="selection_hide"),
    path("documents/<uuid:document_id>/", detail.document_detail, name="document_detail"),
    path("documents/<uuid:document_id>/fichier/", files.document_file, name="document_file"),
    path("documents/<uuid:document_id>/fichier/<int:number>/", files.document_file, name="attachment_file"),
    path("documents/<uuid:document_id>/masquer/", visibility.document_hide, name="document_hide"),
    path("documents/<uuid:document_id>/rendre-visible/", visibility.document_unhide, name="document_unhide"),
]
