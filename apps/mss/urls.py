"""Addresses of the mailbox, below `e/<space_id>/`."""

from __future__ import annotations

from django.urls import path

from apps.mss.views import attachments, senders, sending, threads, tidying, writing, writing_new, writing_pharmacies

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
    path("messagerie/messages/<uuid:message_id>/signaler/", senders.message_report, name="message_report"),
    path("messagerie/messages/<uuid:message_id>/original/", attachments.message_raw, name="message_raw"),
    path("messagerie/pieces/<uuid:attachment_id>/", attachments.attachment, name="attachment"),
    path("messagerie/pieces/<uuid:attachment_id>/fichier/", attachments.attachment_file, name="attachment_file"),
    path("messagerie/pieces/<uuid:attachment_id>/fichier/<int:number>/", attachments.inner, name="inner_file"),
    path("messagerie/bloques/", senders.blocked_senders, name="blocked_senders"),
    path("messagerie/bloques/<uuid:correspondent_id>/", senders.sender_block, name="sender_block"),
    path("messagerie/bloques/<uuid:correspondent_id>/fin/", senders.sender_unblock, name="sender_unblock"),
    path("messagerie/<uuid:thread_id>/", threads.thread_detail, name="thread_detail"),
    path("messagerie/<uuid:thread_id>/clore/", tidying.thread_close, name="thread_close"),
    path("messagerie/<uuid:thread_id>/rouvrir/", tidying.thread_reopen, name="thread_reopen"),
    path("messagerie/<uuid:thread_id>/supprimer/", tidying.thread_bin, name="thread_bin"),
    path("messagerie/<uuid:thread_id>/restaurer/", tidying.thread_restore, name="thread_restore"),
    path("messagerie/<uuid:thread_id>/non-lu/", tidying.thread_unread, name="thread_unread"),
    path("messagerie/<uuid:thread_id>/repondre/", writing.reply, name="reply"),
    path("messagerie/<uuid:thread_id>/repondre/verifier/", writing.reply_check, name="reply_check"),
    path("messagerie/<uuid:thread_id>/repondre/supprimer/", writing.reply_discard, name="reply_discard"),
]
