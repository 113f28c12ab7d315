"""Appeals of publishers (STO-45, STO-68, L7): against one decision, within two months, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.common.tasks import enqueue
from apps.store import clocks, tasks, transitions
from apps.store.models import Appeal, Candidacy, Decision, Member
from apps.store.services import acting, drafting, numbering
from apps.store.services.errors import WrongValueError
from apps.store.states import DOSSIER, Event, Party, Queue, Status, Term
from apps.store.states.dossier import APPEALABLE
from apps.store.states.machine import Unit
from apps.store.transitions import Step

MONTHS = 2
LONGEST = 10_000  # characters
TERM = Term(number=MONTHS, unit=Unit.MONTHS)
# Decisions that end a dossier, by the state they lead to; a lapsed one has none.
_KINDS = {Status.REFUSED: Decision.Kind.REFUSE, Status.INADMISSIBLE: Decision.Kind.INADMISSIBLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """What can be appealed against now. `decision` None: the lapse of the dossier. `until`: the last second for it."""

    decision: Decision | None
    until: datetime
    is_used: bool

    def is_open(self, at: datetime) -> bool:
        return not self.is_used and at <= self.until


@transaction.atomic
def appeal(*, actor: Actor, candidacy_id: UUID, kind: str, text: str, seen: int, at: datetime) -> Appeal:
    """File an appeal: somebody who did not take the decision answers within two months, else it is rejected.

    By a signatory or an administrator of the publisher. After the commit mails leave. Raises `UnknownRowError`,
    `ChangedError`, `AccessDeniedError`, `UnfinishedError` while another dossier of the service is open,
    `WrongValueError` (`remedy`: `none`, `used`, `late`; `kind`, `text`).
    """
    member = acting.member_who_acts(actor, Member.Role.OWNER, Member.Role.SIGNATORY)
    numbering.wait_for_turn()
    candidacy = acting.locked(actor, candidacy_id=candidacy_id, seen=seen)
    remedy = _usable(candidacy, at)
    drafting.require_finished(candidacy.service_id)
    if kind not in Appeal.Kind.values:
        raise WrongValueError("kind", kind)
    if not text.strip() or len(text) > LONGEST:
        raise WrongValueError("text", "length")
    decision = remedy.decision
    made = Appeal.objects.create(
        candidacy=candidacy, decision=decision, kind=kind, text=text.strip(), filed_by_id=member.user_id, filed_at=at,
        due_at=clocks.end_of(DOSSIER.stays[Status.APPEAL].terms[Queue.APPEALS], since=at),
        decided_by=decision.decided_by if decision else None, confirmed_by=decision.confirmed_by if decision else None,
    )  # fmt: skip
    step = Step(
        event=Event.APPEAL, by=Party.PUBLISHER, actor=str(member.user_id), at=at, due_at=made.due_at,
        facts={"kind": str(kind)},
    )  # fmt: skip
    transitions.fire(candidacy, step)
    target = f"appeal:{made.id}"
    acting.trace(actor=actor, act="appeal.file", publisher_id=candidacy.publisher_id, target=target, at=at)
    enqueue(tasks.send_mails)
    return made


def remedy_of(candidacy: Candidacy) -> Remedy | None:
    """The way of appeal that is open or was, with its end; None where there is nothing to appeal against."""
    status = Status(candidacy.status)
    if status not in APPEALABLE:
        return None
    if status is Status.LAPSED:
        since = _lapsed_at(candidacy)
        used = candidacy.appeals.filter(decision=None, filed_at__gte=since).exists()
        return Remedy(decision=None, until=clocks.end_of(TERM, since=since), is_used=used)
    rows = candidacy.decisions.filter(kind=_KINDS[status], notified_at__isnull=False)
    decision = rows.select_related("decided_by", "confirmed_by").order_by("-notified_at", "-id").first()
    if decision is None or decision.notified_at is None:
        return None
    return Remedy(
        decision=decision, until=clocks.end_of(TERM, since=decision.notified_at), is_used=decision.appeals.exists()
    )


def _usable(candidacy: Candidacy, at: datetime) -> Remedy:
    remedy = remedy_of(candidacy)
    if remedy is None:
        raise WrongValueError("remedy", "none")
    if remedy.is_used:
        raise WrongValueError("remedy", "used")
    if not remedy.is_open(at):
        raise WrongValueError("remedy", "late")
    return remedy


def _lapsed_at(candidacy: Candidacy) -> datetime:
    """When the dossier lapsed; the end of an appeal that changed nothing is no new lapse."""
    lapses = candidacy.events.filter(event=Event.TIMEOUT, after=Status.LAPSED).exclude(before=Status.APPEAL)
    last = lapses.order_by("-sequence").first()
    return last.at if last is not None else candidacy.status_at
