"""Addresses of the mailbox, below `e/<space_id>/`."""

from __future__ import annotations

from django.urls import path

from apps.mss.views import sending, threads, writing, writing_new, writing_pharmacies

app_name = "mss"
urlpatterns = [
    path("messagerie/", threads.thread_list, name="thread_list"),
    path("messagerie/nouveau/", writing_new.thread_new, name="thread_new"),
    path("messagerie/nouveau/pharmacie/", writing_pharmacies.pharmacy_search, name="pharmacy_search"),
    path("messagerie/nouveau/pharmacie/<uuid:box_id>/", writing_pharmacies.pharmacy_choose, name="pharmacy_choose"),
    path("messagerie/nouveau/<uuid:correspondent_id>/", writing_new.message_new, name="message_new"),
    path("messagerie/nouveau/<uuid:correspondent_id>/verifier/", writing_new.message_check, name="message_check"),
    path("messagerie/nouveau/<uuid:correspondent_id>/supprimer/", writing_new.message_discard, name="message_discard"),
    path("messagerie/messages/<uuid:message_id>/renvoyer/", sending.message_send_again, name="message_send_again"),
    path("messagerie/<uuid:thread_id>/", threads.thread_detail, name="thread_detail"),
    path("messagerie/<uuid:thread_id>/repondre/", writing.reply, name="reply"),
    path("messagerie/<uuid:thread_id>/repondre/verifier/", writing.reply_check, name="reply_check"),
    path("messagerie/<uuid:thread_id>/repondre/supprimer/", writing.reply_discard, name="reply_discard"),
]
