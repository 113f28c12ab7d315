"""State machine of a dossier: store.md 5.1, one line a row."""

from __future__ import annotations

from apps.store.states.machine import Machine, Move, Stay, Term, Unit
from apps.store.states.words import Event as E
from apps.store.states.words import Party as P
from apps.store.states.words import Queue as Q
from apps.store.states.words import Status as S


def _row(rule: str, source: S | None, event: E, by: P | tuple[P, ...], target: S | None) -> Move[S]:
    parties = by if isinstance(by, tuple) else (by,)
    return Move(rule=rule, source=source, event=event, by=frozenset(parties), target=target)


ENDED = (S.PUBLISHED, S.REFUSED, S.INADMISSIBLE, S.LAPSED, S.ABANDONED)
APPEALABLE = (S.INADMISSIBLE, S.REFUSED, S.LAPSED)
# A dossier under appeal has its decision already: the publisher withdraws the appeal there, not the dossier.
WITHDRAWABLE = tuple(status for status in S if status not in {*ENDED, S.APPEAL})

# fmt: off
MOVES = (
    _row("STO-47", None, E.CREATE, P.PUBLISHER, S.DRAFT),
    _row("STO-48", S.DRAFT, E.SUBMIT, P.SIGNATORY, S.SUBMITTED),
    _row("STO-49", S.SUBMITTED, E.CHECKS_DONE, P.SYSTEM, S.ADMISSIBILITY),
    _row("STO-50", S.ADMISSIBILITY, E.ACCEPT, P.DESK, S.ASSESSMENT),
    _row("STO-51", S.ADMISSIBILITY, E.ASK, P.DESK, S.INCOMPLETE),
    _row("STO-52", S.INCOMPLETE, E.ANSWER, P.PUBLISHER, S.ADMISSIBILITY),
    _row("STO-53", S.INCOMPLETE, E.TIMEOUT, P.SYSTEM, S.LAPSED),
    _row("STO-54", S.ADMISSIBILITY, E.REJECT, P.DESK, S.INADMISSIBLE),
    _row("STO-55", S.ASSESSMENT, E.ASK, P.ASSESSOR, S.COMPLEMENT),
    _row("STO-56", S.COMPLEMENT, E.ANSWER, P.PUBLISHER, S.ASSESSMENT),
    _row("STO-56", S.COMPLEMENT, E.TIMEOUT, P.SYSTEM, S.ASSESSMENT),
    _row("STO-57", S.ASSESSMENT, E.REPORT_READY, P.ASSESSOR, S.READY),
    _row("STO-58", S.READY, E.SCHEDULE, P.SECRETARIAT, S.COMMISSION),
    _row("STO-59", S.COMMISSION, E.OPINION, P.SECRETARIAT, S.OPINION),
    _row("STO-60", S.OPINION, E.DECIDE_REFUSE, P.DELEGATE, S.REFUSED),
    _row("STO-61", S.OPINION, E.DECIDE_ACCEPT, P.DELEGATE, S.AGREEMENT),
    _row("STO-62", S.OPINION, E.REQUIRE_LIFT, P.DELEGATE, S.RESERVATIONS),
    _row("STO-63", S.RESERVATIONS, E.LIFTED, P.ASSESSOR, S.OPINION),
    _row("STO-63", S.RESERVATIONS, E.TIMEOUT, P.SYSTEM, S.LAPSED),
    _row("STO-64", S.AGREEMENT, E.SIGNED, P.SIGNATORIES, S.CONNECTION),
    _row("STO-64", S.AGREEMENT, E.SIGNED, P.SIGNATORIES, S.READY_TO_PUBLISH),
    _row("STO-65", S.CONNECTION, E.TESTS_PASSED, P.DESK, S.READY_TO_PUBLISH),
    _row("STO-65", S.CONNECTION, E.TESTS_FAILED, P.DESK, S.CONNECTION),
    _row("STO-65", S.CONNECTION, E.TIMEOUT, P.SYSTEM, S.LAPSED),
    _row("STO-66", S.READY_TO_PUBLISH, E.PUBLISH, P.DESK, S.PUBLISHED),
    *(_row("STO-67", status, E.WITHDRAW, P.PUBLISHER, S.ABANDONED) for status in WITHDRAWABLE),
    *(_row("STO-68", status, E.APPEAL, P.PUBLISHER, S.APPEAL) for status in APPEALABLE),
    _row("STO-69", S.APPEAL, E.UPHOLD, P.APPEALS, None),
    _row("STO-69", S.APPEAL, E.OVERTURN, P.APPEALS, S.ASSESSMENT),
    # [proposal] Silence of the administration for two months is a rejection (CRPA L411-7 [memory]).
    _row("STO-68", S.APPEAL, E.TIMEOUT, P.SYSTEM, None),
    # [proposal] A draft that nobody has touched for twelve months.
    _row("STO-47", S.DRAFT, E.TIMEOUT, P.SYSTEM, S.ABANDONED),
)
# fmt: on

_NOBODY = Stay(terms={})
# Values without a text of law behind them are [proposal], as store.md says.
STAYS = {
    S.DRAFT: _NOBODY,
    S.SUBMITTED: _NOBODY,
    S.ADMISSIBILITY: Stay(terms={Q.DESK: Term(number=10, unit=Unit.WORKDAYS)}),
    S.INCOMPLETE: Stay(terms={Q.PUBLISHER: Term(number=30)}, times_out=True),
    S.ASSESSMENT: Stay(
        terms={
            Q.ASSESSOR: Term(number=60, is_running_clock=True),
            Q.SECOND_READER: Term(number=60, is_running_clock=True),
            Q.PRIVACY: Term(number=60, is_running_clock=True),
        }
    ),
    S.COMPLEMENT: Stay(terms={Q.PUBLISHER: Term(number=30)}, times_out=True),
    S.READY: Stay(terms={Q.SECRETARIAT: Term(number=10, unit=Unit.WORKDAYS)}),
    S.COMMISSION: Stay(terms={Q.SECRETARIAT: Term(number=60)}),  # the day of the session, once it is known
    S.OPINION: Stay(
        terms={
            Q.DELEGATE: Term(number=10, unit=Unit.WORKDAYS),
            Q.CONFIRMER: Term(number=5, unit=Unit.WORKDAYS),
        }
    ),
    S.RESERVATIONS: Stay(
        terms={Q.PUBLISHER: Term(number=90), Q.ASSESSOR: Term(number=10, unit=Unit.WORKDAYS)}, times_out=True
    ),
    S.AGREEMENT: Stay(
        terms={
            Q.PUBLISHER: Term(number=60),
            Q.DESK: Term(number=10, unit=Unit.WORKDAYS),
            Q.DELEGATE: Term(number=10, unit=Unit.WORKDAYS),
        }
    ),
    S.CONNECTION: Stay(
        terms={Q.PUBLISHER: Term(number=6, unit=Unit.MONTHS), Q.DESK: Term(number=10, unit=Unit.WORKDAYS)},
        times_out=True,
    ),
    S.READY_TO_PUBLISH: Stay(terms={Q.DESK: Term(number=10, unit=Unit.WORKDAYS)}),
    S.APPEAL: Stay(terms={Q.APPEALS: Term(number=2, unit=Unit.MONTHS)}, times_out=True),
    **dict.fromkeys(ENDED, _NOBODY),
}

DOSSIER = Machine(moves=MOVES, stays=STAYS)
