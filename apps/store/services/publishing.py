"""Publication: three dated records, a complete page, fresh checks; one transaction (STO-01, STO-66, RV-09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.dates import PARIS
from apps.common.tasks import enqueue
from apps.store import due, subjects, tasks, transitions
from apps.store.jobs import picturing
from apps.store.models import AgendaItem, Agreement, Candidacy, Decision, Listing, Sheet
from apps.store.services import acting, turns
from apps.store.services.errors import GuardError, WrongValueError
from apps.store.states import Event, Party, Queue, Status
from apps.store.transitions import Step
from apps.store.transitions.guards import unmet

TO_PUBLISH = (Status.READY_TO_PUBLISH, Queue.DESK)
WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What has to stand before a publication; None is missing."""

    opinion: AgendaItem | None
    decision: Decision | None
    agreement: Agreement | None

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes of `reasons.GUARDS`."""
        found = (
            ("opinion-missing", self.opinion),
            ("decision-missing", self.decision),
            ("signatures-missing", self.agreement),
        )
        return tuple(code for code, record in found if record is None)


@transaction.atomic
def publish(*, actor: Actor, candidacy_id: UUID, seen: int, at: datetime) -> Listing:
    """Put the service into the catalogue, or the page of an amendment in the place of the one before.

    After the commit the publisher is told and the pictures of the page are drawn. Raises `AccessDeniedError`,
    `UnknownRowError`, `ChangedError`, `ConflictOfInterestError`, `NotAssignedError`, `GuardError` with all that is
    missing, `TransitionRefusedError`, `WrongValueError` (`listing`: `over`).
    """
    who, candidacy = turns.take_turn(actor, candidacy_id=candidacy_id, role=StaffRole.DESK, stay=TO_PUBLISH, seen=seen)
    records = records_of(candidacy)
    if records.missing:
        raise GuardError(records.missing)
    transitions.fire(candidacy, Step(event=Event.PUBLISH, by=Party.DESK, actor=str(who), at=at))
    listing = _listing(candidacy, records, str(who), at)
    _show(candidacy, at)
    picturing.plan(candidacy, at=at)
    acting.trace(
        actor=actor, act="listing.publish", publisher_id=candidacy.publisher_id, target=f"listing:{listing.pk}", at=at,
        facts={"candidacy": str(candidacy.pk)},
    )  # fmt: skip
    enqueue(tasks.send_mails)
    enqueue(tasks.make_pictures)
    return listing


def records_of(candidacy: Candidacy) -> Records:
    """The three dated records of a dossier: three queries."""
    favourable = candidacy.agenda.exclude(opinion__in=("", AgendaItem.Opinion.UNFAVOURABLE))
    accepted = candidacy.decisions.filter(kind=Decision.Kind.ACCEPT, returned_at=None)
    return Records(
        opinion=favourable.select_related("session").order_by("-opinion_at", "-id").first(),
        decision=accepted.order_by("-decided_at", "-id").first(),
        agreement=candidacy.agreements.filter(signed_at__isnull=False, superseded_at=None).first(),
    )


def missing(candidacy: Candidacy, *, step: Step) -> tuple[str, ...]:
    """All that keeps a dossier from being published, as codes of `reasons.GUARDS`."""
    return (*records_of(candidacy).missing, *unmet(candidacy, step))


def checked_at(candidacy: Candidacy) -> datetime | None:
    """When the last check has ended."""
    ended = candidacy.steps.filter(state="done").order_by("-finished_at", "id")
    return ended.values_list("finished_at", flat=True).first()


def weekday_of(service_id: UUID) -> int:
    """Day of the weekly checks: services are spread over the week by their ids, 0 is Monday."""
    return service_id.int % WEEK


def _listing(candidacy: Candidacy, records: Records, who: str, at: datetime) -> Listing:
    columns = _columns(candidacy, records)
    step = Step(event=Event.PUBLISH, by=Party.DESK, actor=who, at=at, facts={"candidacy": str(candidacy.pk)})
    running = Listing.objects.select_for_update(of=("self",)).filter(service=candidacy.service_id).first()
    if running is not None:
        return _amended(running, step, columns)
    today, weekday = at.astimezone(PARIS).date(), weekday_of(candidacy.service_id)
    listing = Listing(
        service=candidacy.service, publisher=candidacy.publisher, published_at=at, controlled_on=today,
        check_weekday=weekday, declared_on=today, wakes_at=due.next_checks(weekday, after=at), **columns,
    )  # fmt: skip
    transitions.open_listing(listing, step)
    return listing


def _columns(candidacy: Candidacy, records: Records) -> dict[str, object]:
    opinion, decision, agreement = records.opinion, records.decision, records.agreement
    if opinion is None or decision is None or agreement is None:
        raise GuardError(records.missing)
    return {
        "candidacy": candidacy, "opinion": opinion, "decision": decision, "agreement": agreement,
        "opinion_at": opinion.opinion_at, "decided_at": decision.decided_at, "signed_at": agreement.signed_at,
        "agreement_ends_on": agreement.ends_on, "checked_round": 0,
    }  # fmt: skip


def _amended(listing: Listing, step: Step, columns: dict[str, object]) -> Listing:
    """An amendment or a renewal: the same listing, its records those of the new dossier; whose turn it is stays."""
    if listing.goes:
        raise WrongValueError("listing", "over")
    queue = Queue(listing.queue) if listing.queue else None
    kept = Step(
        event=Event.HAND_OVER, by=step.by, actor=step.actor, at=step.at, queue=queue, due_at=listing.due_at,
        reasons=tuple(listing.reasons), facts=step.facts,
    )  # fmt: skip
    Sheet.objects.filter(candidacy=listing.candidacy_id, shown_at__isnull=False, replaced_at=None).update(
        replaced_at=step.at
    )
    published = max(listing.published_at, step.at)
    transitions.hand_over_listing(listing, kept, published_at=published, **columns)
    return listing


def _show(candidacy: Candidacy, at: datetime) -> None:
    sheet = subjects.current_sheet(candidacy)
    if sheet is not None:
        sheet.shown_at = at
        sheet.save(update_fields=["shown_at"])
