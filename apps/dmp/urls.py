from __future__ import annotations

from django.urls import path

from apps.dmp.views import (
    detail,
    document_list,
    evolution,
    files,
    filing,
    folders,
    pages,
    pins,
    printing,
    selection,
    timeline,
    versions,
    visibility,
)

app_name = "dmp"
urlpatterns = [
    path("documents/", document_list.document_list, name="document_list"),
    path("documents/chronologie/", timeline.timeline, name="timeline"),
    path("documents/masquer/", selection.selection_hide, name="selection_hide"),
    path("documents/ranger/", filing.selection_file, name="selection_file"),
    path("documents/dossiers/", folders.folder_list, name="folder_list"),
    path("documents/dossiers/nouveau/", folders.folder_create, name="folder_create"),
    path("documents/dossiers/<uuid:folder_id>/renommer/", folders.folder_rename, name="folder_rename"),
    path("documents/dossiers/<uuid:folder_id>/supprimer/", folders.folder_delete, name="folder_delete"),
    path("documents/<uuid:document_id>/epingler/", pins.document_pin, name="document_pin"),
    path("documents/<uuid:document_id>/desepingler/", pins.document_unpin, name="document_unpin"),
    path("documents/<uuid:document_id>/", detail.document_detail, name="document_detail"),
    path("documents/<uuid:document_id>/fichier/", files.document_file, name="document_file"),
    path("documents/<uuid:document_id>/fichier/<int:number>/", files.document_file, name="attachment_file"),
    path("documents/<uuid:document_id>/fichier/<int:number>/pages/", pages.document_pages, name="document_pages"),
    path(
        "documents/<uuid:document_id>/fichier/<int:number>/pages/<int:page>/<int:width>/",
        pages.page_picture,
        name="page_picture",
    ),
    path("documents/<uuid:document_id>/evolution/<int:number>/", evolution.result_evolution, name="result_evolution"),
    path("documents/<uuid:document_id>/imprimer/", printing.document_print, name="document_print"),
    path("documents/<uuid:document_id>/versions/", versions.document_versions, name="document_versions"),
    path("documents/<uuid:document_id>/masquer/", visibility.document_hide, name="document_hide"),
    path("documents/<uuid:document_id>/rendre-visible/", visibility.document_unhide, name="document_unhide"),
]
