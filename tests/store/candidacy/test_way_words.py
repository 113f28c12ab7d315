"""What lies ahead of a dossier: five stages, the one where it stands (STO-40, L12)."""

from __future__ import annotations

from datetime import date

import pytest

from apps.store.models import Candidacy, Session
from apps.store.states import Status
from apps.store.states.dossier import ENDED
from apps.store.views.way_words import next_session, stages_of
from tests.harness.clock import NOON
from tests.store import factories

WHERE = {
    Status.DRAFT: "Dossier",
    Status.SUBMITTED: "Recevabilité",
    Status.ADMISSIBILITY: "Recevabilité",
    Status.INCOMPLETE: "Recevabilité",
    Status.ASSESSMENT: "Instruction",
    Status.COMPLEMENT: "Instruction",
    Status.READY: "Commission",
    Status.COMMISSION: "Commission",
    Status.OPINION: "Décision, convention, publication",
    Status.RESERVATIONS: "Décision, convention, publication",
    Status.AGREEMENT: "Décision, convention, publication",
    Status.CONNECTION: "Décision, convention, publication",
    Status.READY_TO_PUBLISH: "Décision, convention, publication",
}


@pytest.mark.parametrize("status", Status)
def test_sto_40_one_stage_is_that_of_today_or_none_at_the_end(status):
    stages = stages_of(Candidacy(status=status), next_session=None)
    current = [stage.label for stage in stages if stage.is_current]
    assert current == ([WHERE[status]] if status in WHERE else [])
    assert len(stages) == (5 if status in WHERE else 0)


def test_every_state_has_its_stage_or_is_an_end():
    assert set(WHERE) | {*ENDED, Status.APPEAL} == set(Status)


def test_l12_the_next_session_is_named():
    stages = stages_of(Candidacy(status=Status.DRAFT), next_session=date(2027, 1, 14))
    assert " ".join(stages[3].note.split()) == "Prochaine séance : 14 janvier 2027"
    unknown = stages_of(Candidacy(status=Status.DRAFT), next_session=None)
    assert unknown[3].note == "Aucune séance n'est encore prévue"


@pytest.mark.django_db
def test_the_next_session_is_the_first_that_is_planned_from_today_on():
    by = factories.publisher_user()
    for day, state in ((24, "planned"), (26, "cancelled"), (28, "planned"), (27, "planned")):
        Session.objects.create(held_on=date(2026, 11, day), state=state, planned_by=by, planned_at=NOON)
    assert next_session(today=date(2026, 11, 25)) == date(2026, 11, 27)
    assert next_session(today=date(2026, 11, 29)) is None
