from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef

from apps.access import Actor, Role, Section

if TYPE_CHECKING:
    from apps.mss.models import Attachment, Correspondent, Draft, DraftFile, Message, Thread  # noqa: F401  named in strings below


INVISIBLE = "invisible-patient"
OF_THE_MINOR = "INVISIBLE_REPRESENTANTS_LEGAUX"  # label of TRE_A07


def _is_open_to(actor: Actor) -> bool:
    """The rule of `policies.may_read` as a filter; a property test keeps the two equal."""
    return (
        actor.space_id is not None
        and actor.rights.space_open
        and actor.is_holder_side
        and actor.has_current_right
        and actor.reads(Section.MESSAGES)
    )


class ThreadQuerySet(models.QuerySet["Thread"]):
    """Reads of conversations. `visible_to` is the only entry for code that shows them to someone (SEC-01)."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(space_id=actor.space_id) if _is_open_to(actor) else self.none()


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(space_id=actor.space_id) if _is_open_to(actor) else self.none()

    def whole_for(self, actor: Actor) -> Self:
        """Those whose original the actor may have: it holds the holder's number and the sender's address, which are not
        for relatives (MSS-11, MSS-22), and what a minor keeps from representatives (ACC-33).
        """
        if actor.role is Role.HOLDER:
            return self
        if actor.role is not Role.REPRESENTATIVE:
            return self.none()
        attachments = self.model._meta.apps.get_model("mss", "attachment")._default_manager.all()
        return self.filter(~Exists(_secrets(attachments, message="id")))


def _secrets(attachments: models.QuerySet[Any], *, message: str) -> models.QuerySet[Any]:
    return attachments.filter(
        space_id=OuterRef("space_id"), message_id=OuterRef(message), labels__contains=[OF_THE_MINOR]
    )


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """What is held or forbidden to the reader is not there at all (MSS-53, ACC-33)."""

    def visible_to(self, actor: Actor) -> Self:
        if not _is_open_to(actor):
            return self.none()
        return self._open_to(actor).filter(held="")

    def told_as_held(self, actor: Actor) -> Self:
        """What is held and may be told of, without a name or a title: never what the patient must not see (MSS-53)."""
        if not _is_open_to(actor):
            return self.none()
        kinds = ("document", "package", "file", "message")
        return self._open_to(actor).filter(kind__in=kinds).exclude(held="").exclude(held=INVISIBLE)

    def _open_to(self, actor: Actor) -> Self:
        """What lies beside a secret of a minor, its archive first of all, may well say the same (ACC-33)."""
        mine = self.filter(space_id=actor.space_id)
        if actor.role is Role.HOLDER:
            return mine
        return mine.filter(~Exists(_secrets(self.model._default_manager.all(), message="message_id")))


class CorrespondentQuerySet(models.QuerySet["Correspondent"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(space_id=actor.space_id) if _is_open_to(actor) else self.none()


def _is_written_by(actor: Actor) -> bool:
    """The rule of `policies.may_manage` as a filter: who may only read sees no draft."""
    return _is_open_to(actor) and actor.manages(Section.MESSAGES)


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(space_id=actor.space_id) if _is_written_by(actor) else self.none()


class DraftFileQuerySet(models.QuerySet["DraftFile"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(space_id=actor.space_id) if _is_written_by(actor) else self.none()
