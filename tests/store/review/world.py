"""A dossier under assessment and the people round it; each has said that they have no link to it."""

from __future__ import annotations

from typing import Any

from apps.accounts.models import StaffRole, User
from apps.store import criteria
from apps.store.models import Candidacy, ConflictDeclaration, Judgement
from apps.store.states import Status
from tests.harness.clock import NOON
from tests.store import factories

GRID = [one.code for one in criteria.applicable(criteria.CURRENT, {"web": "yes"}, exchange="none")]
BLOCKING = [one.code for one in criteria.criteria_of(criteria.CURRENT) if one.code in GRID and one.is_blocking]

UNFIT = next(one.code for one in criteria.criteria_of(criteria.CURRENT) if one.code not in GRID)


def declared(of: Candidacy, *people: User, has_link: bool = False) -> None:
    for user in people:
        kind = "Actionnaire" if has_link else ""
        ConflictDeclaration.objects.create(candidacy=of, user=user, has_link=has_link, kind=kind, at=NOON)


def assessor(**values: Any) -> User:
    return factories.reviewer(StaffRole.ASSESSOR, **values)


def desk_officer(**values: Any) -> User:
    return factories.reviewer(StaffRole.DESK, **values)


def privacy_reader(**values: Any) -> User:
    return factories.reviewer(StaffRole.PRIVACY, **values)


def admissibility(officer: User, **values: Any) -> Candidacy:
    """Waits for this officer of the desk."""
    given = {"desk_officer": officer, "assignee": officer, "assigned_at": NOON, **values}
    made = factories.candidacy(Status.ADMISSIBILITY, **given)
    declared(made, officer)
    return made


def assessment(of: User, **values: Any) -> Candidacy:
    """Waits for this assessor, the clock runs since a day."""
    given = {"assessor": of, "assignee": of, "assigned_at": NOON, **values}
    made = factories.candidacy(Status.ASSESSMENT, **given)
    made.clock.create(started_at=made.status_at)
    declared(made, of)
    return made


def judged(of: Candidacy, **verdicts: str) -> None:
    """Every applicable criterion conform, but those that are named (`CRI_ELI_01="reserve"`)."""
    said = {name.replace("_", "-"): verdict for name, verdict in verdicts.items()}
    Judgement.objects.bulk_create(
        Judgement(
            candidacy=of, criterion=code, version=1, verdict=said.get(code, "conforme"), by_id=of.assessor_id, at=NOON,
            note="Preuve trop ancienne." if code in said else "",
        )
        for code in GRID
    )  # fmt: skip
