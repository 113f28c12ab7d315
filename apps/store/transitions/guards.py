"""Conditions of single lines of the table of dossiers (column « guard » of store.md 5.1): codes of what is not met."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db.models import Max, Q, QuerySet

from apps.store import due, subjects
from apps.store.models import AgendaItem, Candidacy, CandidacyStep, Judgement, Reservation, Signature
from apps.store.reasons import ADMISSIBILITY
from apps.store.states import Event, Queue, Status
from apps.store.transitions.step import Step

Guard = Callable[[Candidacy, Step], Iterator[str]]

MOST_ROUNDS = 3  # STO-55
CHECKS_FRESH = timedelta(days=7)  # STO-66
_FAVOURABLE = (
    AgendaItem.Opinion.FAVOURABLE, AgendaItem.Opinion.WITH_RESERVATIONS, AgendaItem.Opinion.SUSPENSIVE,
)  # fmt: skip


def unmet(candidacy: Candidacy, step: Step) -> tuple[str, ...]:
    """Codes of the conditions that are not met; empty: the step may be made."""
    guard = _GUARDS.get((Status(candidacy.status), step.event))
    return tuple(guard(candidacy, step)) if guard is not None else ()


def _submittable(candidacy: Candidacy, step: Step) -> Iterator[str]:
    """STO-48: orientation and answers whole, compulsory evidence clean, declaration accepted."""
    yield from subjects.missing_to_submit(candidacy)
    if not step.facts.get("charter"):
        yield "charter-missing"


def _checks_ended(candidacy: Candidacy, step: Step) -> Iterator[str]:
    """STO-49: every check has ended, or a day is over."""
    running = candidacy.steps.filter(~Q(cause=CandidacyStep.Cause.DEMAND), state__in=("due", "running"))
    late = candidacy.submitted_at is not None and step.at >= candidacy.submitted_at + due.CHECKS_AT_MOST
    if running.exists() and not late:
        yield "checks-running"


def _admissible(candidacy: Candidacy, _step: Step) -> Iterator[str]:
    """STO-50: all lines of the list are yes."""
    met = set(candidacy.admissibility.filter(is_met=True).values_list("item", flat=True))
    if not set(ADMISSIBILITY) <= met:
        yield "admissibility-open"


def _something_asked(candidacy: Candidacy, _step: Step) -> Iterator[str]:
    """STO-51, STO-55: a request that names what is missing stands open; three rounds at most."""
    if not candidacy.requests.filter(answered_at=None, timed_out_at=None, items__isnull=False).exists():
        yield "nothing-asked"
    if candidacy.status == Status.ASSESSMENT and candidacy.rounds >= MOST_ROUNDS:
        yield "three-rounds"


def _all_answered(candidacy: Candidacy, _step: Step) -> Iterator[str]:
    """STO-52: everything that was asked for is given; the request itself is marked by then."""
    open_request = candidacy.requests.order_by("-asked_at", "-id").first()
    if open_request is None or open_request.items.filter(answered_at=None).exists():
        yield "answers-missing"


def _term_over(candidacy: Candidacy, step: Step) -> Iterator[str]:
    """A term ends at its last second, never before, and only that of whoever let it pass (STO-53, STO-68)."""
    if candidacy.queue not in {"", Queue.PUBLISHER, Queue.APPEALS}:
        yield "term-runs"
    end = candidacy.due_at or candidacy.wakes_at
    if end is None or step.at <= end:
        yield "term-runs"


def _report_whole(candidacy: Candidacy, _step: Step) -> Iterator[str]:
    """STO-57: verdict on every applicable blocking criterion, second reader, data-protection check."""
    wanted = {criterion.code for criterion in subjects.criteria_of(candidacy) if criterion.is_blocking}
    judged = Judgement.objects.filter(candidacy=candidacy, is_current=True).exclude(
        verdict=Judgement.Verdict.INCOMPLETE
    )
    if wanted - set(judged.values_list("criterion", flat=True)):
        yield "criteria-open"
    if candidacy.second_reader_id is None or candidacy.second_read_at is None:
        yield "second-reader-missing"
    if candidacy.privacy_reader_id is None or candidacy.privacy_checked_at is None:
        yield "privacy-missing"


def _on_agenda(candidacy: Candidacy, _step: Step) -> Iterator[str]:
    """STO-58: it stands on the agenda of a session that is still to come."""
    if not candidacy.agenda.filter(opinion="", session__state="planned").exists():
        yield "no-session"


def _opinion_given(candidacy: Candidacy, _step: Step) -> Iterator[str]:
    """STO-59: a recorded opinion, reservations with their dates."""
    item = subjects.last_opinion(candidacy)
    if item is None:
        yield "opinion-missing"
        return
    reserved = item.opinion in {AgendaItem.Opinion.WITH_RESERVATIONS, AgendaItem.Opinion.SUSPENSIVE}
    is_suspensive = item.opinion == AgendaItem.Opinion.SUSPENSIVE
    made = Reservation.objects.filter(candidacy=candidacy, made_at__gte=item.opinion_at)
    if reserved and not made.filter(is_suspensive=is_suspensive).exists():
        yield "reservations-missing"


def _suspensive(candidacy: Candidacy) -> QuerySet[Reservation]:
    """Suspensive reservations that count and are not lifted."""
    return candidacy.reservations.filter(is_suspensive=True, lifted_at=None, superseded_at=None)


def _accept(candidacy: Candidacy, _step: Step) -> Iterator[str]:
    """STO-61: a favourable opinion of any kind, suspensive reservations lifted, and the decision itself."""
    item = subjects.last_opinion(candidacy)
    if item is None or item.opinion not in _FAVOURABLE:
        yield "opinion-unfavourable"
    if _suspensive(candidacy).exists():
        yield "reservations-open"
    if not candidacy.decisions.filter(kind="accept", returned_at=None).exists():
        yield "decision-missing"


def _refuse(candidacy: Candidacy, _step: Step) -> Iterator[str]:
    """STO-60, decisions.md 26: a refusal with reasons that a second person has confirmed."""
    if not candidacy.decisions.filter(kind="refuse", confirmed_at__isnull=False).exists():
        yield "confirmation-missing"


def _require_lift(candidacy: Candidacy, _step: Step) -> Iterator[str]:
    """STO-62: suspensive reservations are open, and the decision says so."""
    if not _suspensive(candidacy).exists():
        yield "reservations-none"
    if not candidacy.decisions.filter(kind="require_lift").exists():
        yield "decision-missing"


def _lifted(candidacy: Candidacy, _step: Step) -> Iterator[str]:
    """STO-63: each suspensive reservation is closed on evidence."""
    if _suspensive(candidacy).exists():
        yield "reservations-open"


def _signed(candidacy: Candidacy, step: Step) -> Iterator[str]:
    """STO-64: three signatures over one hash; connection tests follow only where data are exchanged."""
    current = candidacy.agreements.filter(superseded_at=None)
    signed = Signature.objects.filter(agreement__in=current).values("party").distinct().count()
    if signed < len(Signature.Party):
        yield "signatures-missing"
    exchanges = candidacy.exchange != Candidacy.Exchange.NONE
    if exchanges != (step.target is Status.CONNECTION):
        yield "wrong-way"


def _publish(candidacy: Candidacy, step: Step) -> Iterator[str]:
    """STO-66: page complete, last checks of less than seven days, all of them done, none of them failed."""
    if subjects.missing_on_page(candidacy):
        yield "page-incomplete"
    last = candidacy.steps.aggregate(last=Max("round"))["last"]
    steps = candidacy.steps.filter(round=last)
    if last is None or steps.filter(finished_at__lt=step.at - CHECKS_FRESH).exists():
        yield "checks-old"
    if steps.filter(finished_at=None).exists():
        yield "checks-running"
    if steps.filter(Q(outcome="error") | Q(state="parked"), override="").exists():
        yield "checks-incomplete"
    if steps.filter(subjects.FAILED).exists():
        yield "checks-failed"


def _appeal(candidacy: Candidacy, step: Step) -> Iterator[str]:
    """STO-68: within two months of the notice, one open appeal at most; the appeal stands by then."""
    if not candidacy.appeals.filter(closed_at=None, filed_at__lte=step.at).exists():
        yield "appeal-missing"


def _appeal_closed(candidacy: Candidacy, _step: Step) -> Iterator[str]:
    """STO-69: closed with reasons by somebody who did not take the decision (a constraint of the row)."""
    if candidacy.appeals.filter(closed_at=None).exists():
        yield "appeal-open"


_GUARDS: dict[tuple[Status, Event], Guard] = {
    (Status.DRAFT, Event.SUBMIT): _submittable,
    (Status.SUBMITTED, Event.CHECKS_DONE): _checks_ended,
    (Status.ADMISSIBILITY, Event.ACCEPT): _admissible,
    (Status.ADMISSIBILITY, Event.ASK): _something_asked,
    (Status.ASSESSMENT, Event.ASK): _something_asked,
    (Status.INCOMPLETE, Event.ANSWER): _all_answered,
    (Status.COMPLEMENT, Event.ANSWER): _all_answered,
    (Status.ASSESSMENT, Event.REPORT_READY): _report_whole,
    (Status.READY, Event.SCHEDULE): _on_agenda,
    (Status.COMMISSION, Event.OPINION): _opinion_given,
    (Status.OPINION, Event.DECIDE_ACCEPT): _accept,
    (Status.OPINION, Event.DECIDE_REFUSE): _refuse,
    (Status.OPINION, Event.REQUIRE_LIFT): _require_lift,
    (Status.RESERVATIONS, Event.LIFTED): _lifted,
    (Status.AGREEMENT, Event.SIGNED): _signed,
    (Status.READY_TO_PUBLISH, Event.PUBLISH): _publish,
    (Status.APPEAL, Event.UPHOLD): _appeal_closed,
    (Status.APPEAL, Event.OVERTURN): _appeal_closed,
    **{(status, Event.APPEAL): _appeal for status in (Status.INADMISSIBLE, Status.REFUSED, Status.LAPSED)},
    **{
        (status, Event.TIMEOUT): _term_over
        for status in (
            Status.INCOMPLETE, Status.COMPLEMENT, Status.RESERVATIONS, Status.CONNECTION, Status.APPEAL, Status.DRAFT,
        )
    },
}  # fmt: skip
