"""State machine of a referenced service: store.md 5.2, one line a row."""

from __future__ import annotations

from apps.store.states.machine import Machine, Move, Stay, Term, Unit
from apps.store.states.words import Event as E
from apps.store.states.words import ListingStatus as L
from apps.store.states.words import Party as P
from apps.store.states.words import Queue as Q


def _row(rule: str, source: L | None, event: E, by: P | tuple[P, ...], target: L) -> Move[L]:
    parties = by if isinstance(by, tuple) else (by,)
    return Move(rule=rule, source=source, event=event, by=frozenset(parties), target=target)


# Seen in the catalogue and usable; a suspended service is seen and not usable.
ACTIVE = (L.PUBLISHED, L.DECLARATION_DUE, L.AUDIT, L.FORMAL_NOTICE)
# What may be suspended at once: a service that leaves is used until its day (STO-76).
SUSPENDABLE = (*ACTIVE, L.LEAVING)
OVER = (L.WITHDRAWN, L.EXPIRED)

# fmt: off
MOVES = (
    _row("STO-66", None, E.PUBLISH, P.DESK, L.PUBLISHED),
    _row("STO-70", L.PUBLISHED, E.YEARLY_DUE, P.SYSTEM, L.DECLARATION_DUE),
    _row("STO-71", L.DECLARATION_DUE, E.DECLARED, P.PUBLISHER, L.PUBLISHED),
    _row("STO-71", L.DECLARATION_DUE, E.LATE, P.SYSTEM, L.FORMAL_NOTICE),
    _row("STO-72", L.PUBLISHED, E.AUDIT_START, P.ASSESSOR, L.AUDIT),
    _row("STO-73", L.AUDIT, E.CONFORM, P.ASSESSOR, L.PUBLISHED),
    _row("STO-73", L.AUDIT, E.ANOMALIES, P.ASSESSOR, L.FORMAL_NOTICE),
    *(_row("STO-74", status, E.RED_CHECK, (P.SYSTEM, P.DESK), target)
      for status in (L.PUBLISHED, L.AUDIT) for target in (L.FORMAL_NOTICE, L.SUSPENDED)),
    _row("STO-75", L.FORMAL_NOTICE, E.REMEDIED, P.ASSESSOR, L.PUBLISHED),
    _row("STO-75", L.FORMAL_NOTICE, E.TIMEOUT, P.SYSTEM, L.SUSPENDED),
    *(_row("STO-76", status, E.SUSPEND, (P.DELEGATE, P.DESK), L.SUSPENDED) for status in SUSPENDABLE),
    # Also when fifteen days of a precaution are over and nobody decided; `LEAVING`: its departure was planned before.
    *(_row("STO-77", L.SUSPENDED, E.LIFT, (P.DELEGATE, P.SYSTEM), target) for target in (L.PUBLISHED, L.LEAVING)),
    _row("STO-77", L.SUSPENDED, E.WITHDRAW, P.DELEGATE, L.LEAVING),
    *(_row("STO-78", status, E.WITHDRAW, (P.DELEGATE, P.PUBLISHER), L.LEAVING) for status in ACTIVE),
    _row("STO-79", L.LEAVING, E.EFFECT_DATE, P.SYSTEM, L.WITHDRAWN),
    _row("STO-79", L.SUSPENDED, E.EFFECT_DATE, P.SYSTEM, L.WITHDRAWN),  # the same
    # In store.md from `publie` alone: without an agreement nothing may be used, whatever else runs (ADR 14).
    *(_row("STO-80", status, E.CONVENTION_END, P.SYSTEM, L.EXPIRED) for status in (*ACTIVE, L.SUSPENDED)),
    _row("STO-80", L.EXPIRED, E.EFFECT_DATE, P.SYSTEM, L.WITHDRAWN),  # thirty days later
)
# fmt: on

_NOBODY = Stay(terms={})
# A withdrawal that one delegate proposes waits for the second one in whatever state the service is (decisions.md 26).
_SECOND = {Q.CONFIRMER: Term(number=5, unit=Unit.WORKDAYS)}
STAYS = {
    # A failed check of a running service waits for a human who confirms it within one working day (STO-74).
    L.PUBLISHED: Stay(terms={Q.DESK: Term(number=1, unit=Unit.WORKDAYS), **_SECOND}),
    L.DECLARATION_DUE: Stay(terms={Q.PUBLISHER: Term(number=90), **_SECOND}),  # D-60 to 30 days after the anniversary
    L.AUDIT: Stay(
        terms={
            Q.PUBLISHER: Term(number=1, unit=Unit.MONTHS),
            Q.ASSESSOR: Term(number=60),
            **_SECOND,
        }
    ),
    L.FORMAL_NOTICE: Stay(
        terms={
            Q.PUBLISHER: Term(number=6, unit=Unit.MONTHS),  # at most (CSP R1470-9, STO-36)
            Q.ASSESSOR: Term(number=10, unit=Unit.WORKDAYS),
            **_SECOND,
        },
        times_out=True,
    ),
    L.SUSPENDED: Stay(
        terms={
            Q.DELEGATE: Term(number=15),
            Q.CONFIRMER: Term(number=1, unit=Unit.WORKDAYS),
            Q.PUBLISHER: Term(number=6, unit=Unit.MONTHS),
        }
    ),
    L.LEAVING: _NOBODY,
    L.WITHDRAWN: _NOBODY,
    L.EXPIRED: _NOBODY,
}
# A state in which a human may be waited for and need not be.
MAY_REST = frozenset({L.PUBLISHED})

LISTING = Machine(moves=MOVES, stays=STAYS)
