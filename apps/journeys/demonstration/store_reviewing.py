"""What the back office does in the demonstration, from the desk to the catalogue; by the services that it uses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID

from apps.common.dates import PARIS
from apps.common.workdays import add_workdays, is_workday
from apps.journeys.demonstration.staff import (
    ASSESSOR,
    CONFIRMER,
    DELEGATE,
    DESK,
    PRIVACY,
    SECOND_READER,
    SECRETARIAT,
    at_work,
)
from apps.journeys.demonstration.store_writing import Dossier
from apps.store import reasons, subjects
from apps.store.models import AgendaItem, Judgement, Request, Session, Signature, Vote
from apps.store.seats import in_office
from apps.store.services import (
    admitting,
    agenda,
    asking,
    assigning,
    checking,
    confirming,
    conflicts,
    connecting,
    countersigning,
    deciding,
    judging,
    publishing,
    reporting,
    signing,
    sitting,
    voting,
)

Verdict = Judgement.Verdict
COMPLIANT = judging.Opinion(verdict=Verdict.CONFORM)
_SIGNATORIES = {
    Signature.Party.CNAM: (DESK, "Hélène Garo, directrice adjointe"),
    Signature.Party.MINISTER: (DELEGATE, "Paul Evanno, délégué"),
}
SIGNATORY = "Paul Evanno, délégué du ministre"


def admit(dossier: Dossier, *, at: datetime) -> None:
    """The desk takes it, says yes to each line and hands it to the assessors."""
    take(dossier, DESK, at=at)
    desk, lines = at_work(DESK, at), dict.fromkeys(reasons.ADMISSIBILITY, admitting.Line(is_met=True))
    admitting.save_list(actor=desk, candidacy_id=dossier.id, lines=lines, seen=dossier.seen, at=at)
    admitting.accept(actor=desk, candidacy_id=dossier.id, seen=dossier.seen, at=at)


def take(dossier: Dossier, email: str, *, at: datetime) -> None:
    """Declare that there is no link, then take the dossier in the turn that runs."""
    declare(dossier, email, at=at)
    assigning.take(actor=at_work(email, at), candidacy_id=dossier.id, seen=dossier.seen, at=at)


def declare(dossier: Dossier, email: str, *, at: datetime) -> None:
    """« Aucun lien », before somebody acts on a dossier."""
    conflicts.declare(actor=at_work(email, at), candidacy_id=dossier.id, has_link=False, kind="", at=at)


def judge(dossier: Dossier, *, at: datetime, others: Mapping[str, judging.Opinion] | None = None) -> None:
    """A verdict on each criterion that has none yet: compliant, but for `others`."""
    row, said = dossier.row(), others or {}
    judged = judging.current_judgements(row)
    for code in (one.code for one in subjects.criteria_of(row) if one.code in said or one.code not in judged):
        seen = judged[code].version if code in judged else 0
        judging.judge(
            actor=at_work(ASSESSOR, at), candidacy_id=dossier.id, criterion=code, opinion=said.get(code, COMPLIANT),
            seen=seen, at=at,
        )  # fmt: skip


def ask(dossier: Dossier, *, text: str, items: Mapping[str, str], at: datetime) -> None:
    """Ask about criteria that are to be completed."""
    wanted = asking.Ask(kind=Request.Kind.COMPLEMENT, text=text, days=30, items=items)
    asking.ask_complements(actor=at_work(ASSESSOR, at), candidacy_id=dossier.id, ask=wanted, seen=dossier.seen, at=at)


def propose(dossier: Dossier, *, text: str, at: datetime) -> None:
    """The assessor hands the report over."""
    reporting.propose(actor=at_work(ASSESSOR, at), candidacy_id=dossier.id, text=text, seen=dossier.seen, at=at)


def read_again(dossier: Dossier, *, second: datetime, privacy: datetime) -> None:
    """Second reader, then the data-protection check."""
    take(dossier, SECOND_READER, at=second)
    reporting.sign_second(actor=at_work(SECOND_READER, second), candidacy_id=dossier.id, seen=dossier.seen, at=second)
    take(dossier, PRIVACY, at=privacy)
    reporting.sign_privacy(actor=at_work(PRIVACY, privacy), candidacy_id=dossier.id, seen=dossier.seen, at=privacy)


def plan_session(wished: date, *, at: datetime) -> Session:
    """A session on a working day, that one or the next."""
    held_on = wished if is_workday(wished) else add_workdays(wished, 1)
    return sitting.plan_session(actor=at_work(SECRETARIAT, at), held_on=held_on, at=at)


def put_on_agenda(dossier: Dossier, session: Session, *, at: datetime) -> AgendaItem:
    """The last dossier that is ready; the papers leave seven days before."""
    (item,) = agenda.put_on_agenda(
        actor=at_work(SECRETARIAT, at), session_id=session.pk, candidacy_ids=[dossier.id], seen=_seen(session), at=at
    )
    return item


def send_papers(session: Session, *, at: datetime) -> None:
    """From then on the agenda is closed."""
    sitting.send_papers(actor=at_work(SECRETARIAT, at), session_id=session.pk, seen=_seen(session), at=at)


def hold(session: Session, item: AgendaItem, *, given: voting.Given) -> None:
    """Everybody is there; one abstains, the others vote as the opinion says."""
    at = datetime.combine(session.held_on, time(14), PARIS)
    actor, present = at_work(SECRETARIAT, at), [member.pk for member in in_office(session.held_on)]
    sitting.record_presence(actor=actor, session_id=session.pk, member_ids=present, seen=_seen(session), at=at)
    votes = _votes(present, is_favourable=given.opinion != AgendaItem.Opinion.UNFAVOURABLE)
    voting.record_votes(actor=actor, item_id=item.pk, votes=votes, seen=_seen(session), at=at)
    voting.record_opinion(actor=actor, item_id=item.pk, given=given, seen=_seen(session), at=at)
    sitting.close_session(actor=actor, session_id=session.pk, seen=_seen(session), at=at)


def accept(dossier: Dossier, *, facts: str, at: datetime) -> None:
    """The delegate decides in favour: notice and agreement are made."""
    declare(dossier, DELEGATE, at=at)
    why = deciding.Reasons(ground="R1111-38", facts=facts, signatory=SIGNATORY)
    deciding.accept(actor=at_work(DELEGATE, at), candidacy_id=dossier.id, reasons=why, seen=dossier.seen, at=at)


def refuse(dossier: Dossier, *, why: deciding.Reasons, proposed: datetime, confirmed: datetime) -> None:
    """One delegate proposes, another confirms: the notice leaves."""
    declare(dossier, DELEGATE, at=proposed)
    deciding.propose_refusal(
        actor=at_work(DELEGATE, proposed), candidacy_id=dossier.id, reasons=why, seen=dossier.seen, at=proposed
    )
    declare(dossier, CONFIRMER, at=confirmed)
    confirming.confirm_refusal(
        actor=at_work(CONFIRMER, confirmed), candidacy_id=dossier.id, seen=dossier.seen, at=confirmed
    )


def countersign(dossier: Dossier, party: Signature.Party, *, at: datetime) -> None:
    """One of the two signatures of the State."""
    email, name = _SIGNATORIES[party]
    declare(dossier, email, at=at)
    agreement = signing.agreement_of(dossier.row())
    shown = (agreement.document_hash if agreement else "", dossier.seen)
    countersigning.sign_for_state(
        actor=at_work(email, at), candidacy_id=dossier.id, party=party, name=name, shown=shown, at=at
    )


def pass_tests(dossier: Dossier, *, at: datetime) -> None:
    """Connection tests of a service that exchanges data."""
    result = connecting.Result(has_passed=True, build="1.8.0", note="Huit scénarios sur huit.")
    connecting.record_tests(actor=at_work(DESK, at), candidacy_id=dossier.id, result=result, seen=dossier.seen, at=at)


def check_again(dossier: Dossier, *, at: datetime) -> None:
    """The checks that a publication asks for are due."""
    checking.check_again(actor=at_work(DESK, at), candidacy_id=dossier.id, at=at)


def publish(dossier: Dossier, *, at: datetime) -> None:
    """Into the catalogue."""
    publishing.publish(actor=at_work(DESK, at), candidacy_id=dossier.id, seen=dossier.seen, at=at)


def _votes(present: list[UUID], *, is_favourable: bool) -> dict[UUID, str]:
    cast = Vote.Choice.FOR if is_favourable else Vote.Choice.AGAINST
    return {**dict.fromkeys(present, cast), present[0]: Vote.Choice.ABSTAINS}


def _seen(session: Session) -> int:
    return Session.objects.values_list("sequence", flat=True).get(pk=session.pk)
