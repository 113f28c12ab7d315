"""Where notices stand, what an operator has to look at, and what a notice looks like (RO-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet

from apps.access import Actor
from apps.audit.services import Line, record
from apps.common.dates import PARIS
from apps.common.tasks import enqueue
from apps.notifications.gateways.base import Letter as Mailed
from apps.rollout import tasks
from apps.rollout.letters import letter_reference, letters_pdf
from apps.rollout.mails import letter_of
from apps.rollout.models import EligiblePerson, LetterBatch, Notice, TrialRequest
from apps.rollout.sample import fictive_letter, fictive_mail
from apps.rollout.services.acting import person_who_acts
from apps.rollout.texts import Voice

Hold = EligiblePerson.Hold


class Trouble(StrEnum):
    """Lists of what waits for an operator; the values stand in addresses."""

    RETURNED = "revenues"
    UNREAD = "sans-representant"
    UNCERTAIN = "incertaines"
    FAILED = "echecs"


class NoAddressError(Exception):
    """The account of the operator has no e-mail address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCount:
    """Notices in one state, by channel."""

    state: Notice.State
    mails: int
    letters: int


def counts_of(*, wave_id: UUID | None) -> list[StateCount]:
    """All states, zero included, of one wave or of everything."""
    rows = Notice.objects.filter(wave=wave_id) if wave_id is not None else Notice.objects.all()
    counted = rows.order_by().values_list("state", "channel").annotate(number=Count("pk"))
    numbers = {(state, channel): number for state, channel, number in counted}
    return [
        StateCount(
            state=state,
            mails=numbers.get((state.value, Notice.Channel.MAIL.value), 0),
            letters=numbers.get((state.value, Notice.Channel.POST.value), 0),
        )
        for state in Notice.State
    ]


def batches_of(*, wave_id: UUID | None) -> QuerySet[LetterBatch]:
    """Batches of letters, the latest first."""
    rows = LetterBatch.objects.filter(wave=wave_id) if wave_id is not None else LetterBatch.objects.all()
    return rows.select_related("wave").order_by("-number")


def letters_waiting(*, wave_id: UUID | None) -> int:
    """Letters that stand in no batch yet."""
    rows = Notice.objects.filter(channel=Notice.Channel.POST, state=Notice.State.PREPARED, batch=None)
    return (rows.filter(wave=wave_id) if wave_id is not None else rows).count()


def held_people(*, trouble: Trouble, wave_id: UUID | None) -> QuerySet[EligiblePerson]:
    """People who wait because their notice came back or has no reader; in a fixed order."""
    hold = {Trouble.RETURNED: Hold.RETURNED, Trouble.UNREAD: Hold.NO_REPRESENTATIVE}[trouble]
    rows = EligiblePerson.objects.filter(hold=hold)
    rows = rows.filter(wave=wave_id) if wave_id is not None else rows
    return rows.select_related("identity", "wave").order_by("pk")


def troubled_notices(*, trouble: Trouble, wave_id: UUID | None) -> QuerySet[Notice]:
    """Mails of which nobody knows whether they left; notices that failed or came back, the latest first."""
    rows = Notice.objects.filter(wave=wave_id) if wave_id is not None else Notice.objects.all()
    if trouble is Trouble.UNCERTAIN:
        rows = rows.filter(state=Notice.State.UNCERTAIN, due_at=None)
    else:
        rows = rows.filter(state__in=(Notice.State.FAILED, Notice.State.RETURNED))
    return rows.select_related("person__identity", "person__wave").order_by("-id")


def trouble_counts(*, wave_id: UUID | None) -> dict[Trouble, int]:
    """How many stand in each list."""
    people = (Trouble.RETURNED, Trouble.UNREAD)
    return {
        trouble: (
            held_people(trouble=trouble, wave_id=wave_id).count()
            if trouble in people
            else troubled_notices(trouble=trouble, wave_id=wave_id).count()
        )
        for trouble in Trouble
    }


def sample_mail(*, kind: Notice.Kind, voice: Voice, at: datetime) -> Mailed:
    """The mail as an invented person would get it today."""
    return letter_of(fictive_mail(kind=kind, voice=voice, address="camille.exemple@example.fr", at=at))


def sample_letter(*, kind: Notice.Kind, voice: Voice, at: datetime) -> bytes:
    """The letter to an invented person, as PDF. Raises `TypesettingError`."""
    one = fictive_letter(kind=kind, voice=voice, reference=letter_reference(batch=0, place=1), at=at)
    return letters_pdf([one], on=at.astimezone(PARIS).date()).data


@transaction.atomic
def send_trial(*, actor: Actor, address: str, kind: Notice.Kind, voice: Voice, at: datetime) -> None:
    """Send the mail to the operator's own address, with a code that opens nothing; queued after the commit.

    Raises `NoAddressError`, `AccessDeniedError`.
    """
    user = person_who_acts(actor)
    if not address:
        raise NoAddressError
    record(actor=actor, at=at, line=Line(action="rollout.notice.trial", target=f"user:{user}"))
    TrialRequest.objects.create(user_id=user, kind=kind, voice=voice, asked_at=at)
    enqueue(tasks.send_trial_notice)
