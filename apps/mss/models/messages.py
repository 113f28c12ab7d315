"""Conversations and their messages (MSS-30 to MSS-40)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mss.models.correspondents import Correspondent
from apps.mss.querysets import MessageQuerySet, ThreadQuerySet
from apps.spaces.models import SameSpace, SpaceOwned, SpaceRelation


class Thread(SpaceOwned):
    """One conversation of a space (conversation), newest message first in lists.

    `unread` and `messages` are kept by the services that change messages and equal a recount (check_invariants).
    `closed_at`: by the holder, the professional may no longer answer in it (M-05); `binned_at`: in the bin for thirty
    days, then erased.
    """

    subject = models.CharField(max_length=500, blank=True)  # without the prefixes of MSS-32
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    messages = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    has_attachments = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    binned_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(unread__lte=F("messages")), name="mss_thread_unread_among_messages"),
        ]
        indexes = [
            models.Index(
                fields=["space", "-last_at", "-id"], name="mss_thread_list", condition=Q(binned_at__isnull=True)
            ),
            models.Index(fields=["binned_at"], name="mss_thread_bin", condition=Q(binned_at__isnull=False)),
            models.Index(fields=["space"], name="mss_thread_unread", condition=Q(unread__gt=0, binned_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Message(SpaceOwned):
    """One message of a conversation, received or sent.

    The body is sealed in the vault of the space (`apps.mss.bodies`); `search` holds its words (threat model). The raw
    message is a file of the vault, None for what the portal wrote until it was sent. `author` is the person of the
    holder's side who wrote it, `author_role` their capacity (MSS-14).
    """

    class Direction(models.TextChoices):
        RECEIVED = "in", _("received")
        SENT = "out", _("sent")

    class Kind(models.TextChoices):
        """What a message is to its reader; END is `[FIN]` alone, shown as a line (MSS-23)."""

        LETTER = "letter", _("message")
        END = "end", _("end of the exchange")

    class Body(models.TextChoices):
        """Where the text comes from (MSS-31, MSS-39, S17)."""

        PLAIN = "plain", _("text")
        HTML = "html", _("text of a formatted message")
        NONE = "none", _("no text")
        UNREADABLE = "unreadable", _("unreadable message")

    thread_id = models.UUIDField()
    thread = SpaceRelation(Thread, models.CASCADE, column="thread_id", related_name="letters")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LETTER)
    message_id = models.CharField(max_length=255)  # of RFC 5322, without brackets; made from the digest where missing
    answers = models.CharField(max_length=255, blank=True)  # In-Reply-To
    references = ArrayField(models.CharField(max_length=255), default=list)
    correspondent_id = models.UUIDField(null=True)  # who wrote it, or the first one it was sent to
    correspondent = SpaceRelation(
        Correspondent, models.PROTECT, column="correspondent_id", null=True, related_name="messages"
    )
    recipients = models.JSONField(default=list)  # names of To and Cc: [{"name": …, "is_copy": …}] (MSS-26)
    subject = models.CharField(max_length=500, blank=True)
    dated_at = models.DateTimeField(null=True, blank=True)  # what the sender's clock said
    received_at = models.DateTimeField()  # at our door, or the act of sending
    body_sealed = models.TextField(blank=True)
    body_kind = models.CharField(max_length=12, choices=Body.choices, default=Body.PLAIN)
    is_doubtful = models.BooleanField(default=False)  # characters may be wrong (S13)
    read_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    author_role = models.CharField(max_length=16, blank=True)
    software = models.CharField(max_length=120, blank=True)  # X-MSS-NIL
    document_codes = ArrayField(models.CharField(max_length=32), default=list)  # X-MSS-CODECDA: a hint, no proof
    wants_receipt = models.BooleanField(default=False)  # MDN asked for, and allowed by MSS-60
    receipt_to = models.CharField(max_length=320, blank=True)  # who asked, by the envelope; never shown (MSS-22)
    receipt_at = models.DateTimeField(null=True, blank=True)  # when ours was queued
    vault_id = models.UUIDField(null=True)
    file_id = models.UUIDField(null=True)
    size = models.PositiveBigIntegerField(default=0, db_default=0)  # bytes of `file_id`; 0 where there is none
    reported_at = models.DateTimeField(null=True, blank=True)
    search = SearchVectorField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "message_id", "direction"], name="mss_message_once"),
            SameSpace(column="thread_id", to="mss.Thread", name="mss_message_thread_same_space"),
            SameSpace(column="correspondent_id", to="mss.Correspondent", name="mss_message_box_same_space"),
            models.CheckConstraint(
                condition=Q(direction="in") | Q(author__isnull=False), name="mss_message_sent_has_author"
            ),
        ]
        indexes = [
            models.Index(fields=["space", "thread_id", "received_at", "id"], name="mss_message_thread"),
            GinIndex(fields=["search"], name="mss_message_search"),
            models.Index(fields=["space"], include=["size"], name="mss_message_use"),
            models.Index(fields=["space", "answers"], name="mss_message_answers"),
            GinIndex(fields=["references"], name="mss_message_references"),
            models.Index(
                fields=["read_at", "id"],
                name="mss_message_receipt_due",
                condition=Q(wants_receipt=True, receipt_at__isnull=True, read_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
