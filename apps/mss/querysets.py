from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from apps.access import Actor, Section

if TYPE_CHECKING:
    from apps.mss.models import Attachment, Correspondent, Draft, DraftFile, Message, Thread  # noqa: F401  named in strings below


INVISIBLE = "invisible-patient"


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


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """What is held or forbidden to the reader is not there at all (MSS-53, ACC-33)."""

    def visible_to(self, actor: Actor) -> Self:
        if not _is_open_to(actor):
            return self.none()
        return self.filter(space_id=actor.space_id, held="")

    def told_as_held(self, actor: Actor) -> Self:
        """What is held and may be told of, without a name or a title: never what the patient must not see (MSS-53)."""
        if not _is_open_to(actor):
            return self.none()
        kinds = ("document", "package", "file", "message")
        return self.filter(space_id=actor.space_id, kind__in=kinds).exclude(held="").exclude(held=INVISIBLE)


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
