"""Each check of the store counts what breaks it, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.common.invariants import findings
from apps.store import telling, transitions
from apps.store.models import Candidacy, CandidacyStep, Decision, Listing
from apps.store.states import Event, Party, Queue, Status
from apps.store.transitions import Step
from tests.harness.clock import NOON
from tests.store import factories

pytestmark = pytest.mark.django_db


def broken() -> dict[str, int]:
    found = findings(at=NOON)
    return {one.name.removeprefix("store."): one.count for one in found if one.name.startswith("store.") and one.count}


def moved() -> Candidacy:
    """A dossier whose last step is in its history."""
    dossier = factories.candidacy(Status.ASSESSMENT, assessor=factories.reviewer())
    step = Step(event=Event.HAND_OVER, by=Party.ASSESSOR, actor="test", at=NOON, queue=Queue.SECOND_READER)
    transitions.hand_over(dossier, step)
    return dossier


def test_a_sound_store_breaks_none():
    moved()
    assert broken() == {}


def test_a_state_that_no_event_led_to():
    moved()
    factories.candidacy(Status.ADMISSIBILITY)
    factories.listing()
    assert broken() == {"dossiers_whose_history_ends_elsewhere": 2, "listings_whose_history_ends_elsewhere": 1}


def test_a_dossier_that_nobody_has_decided():
    factories.candidacy(Status.AGREEMENT)
    assert broken()["dossiers_agreed_without_a_decision"] == 1


def test_sto_19_whoever_checked_the_data_decides_nothing():
    dossier = moved()
    third = factories.reviewer()
    Candidacy.objects.filter(pk=dossier.pk).update(privacy_reader=third)
    Decision.objects.create(
        candidacy=dossier, kind="accept", ground="R1111-38", facts="Vu.", decided_by=third, decided_at=NOON
    )
    assert broken() == {"decisions_by_their_own_readers": 1}


@pytest.mark.parametrize("part", ["assessor", "second_reader", "privacy_reader", "judge"])
def test_sto_19_nor_confirms(part):
    dossier, who = moved(), factories.reviewer()
    if part == "judge":
        dossier.judgements.create(criterion="CRI-ELI-01", version=1, verdict="conforme", by=who, at=NOON)
    else:
        others = {"assessor": factories.reviewer()} if part == "second_reader" else {}
        Candidacy.objects.filter(pk=dossier.pk).update(**others, **{part: who})
    Decision.objects.create(
        candidacy=dossier, kind="refuse", ground="R1111-38", facts="Vu.", decided_by=factories.reviewer(),
        decided_at=NOON, confirmed_by=who, confirmed_at=NOON,
    )  # fmt: skip
    assert broken() == {"decisions_by_their_own_readers": 1}


def test_a_publisher_who_is_asked_for_nothing():
    factories.candidacy(Status.COMPLEMENT)
    assert broken()["turns_of_publishers_without_a_request"] == 1


def test_what_the_sweep_has_forgotten():
    late = NOON - timedelta(hours=3)
    Candidacy.objects.filter(pk=moved().pk).update(wakes_at=late)
    factories.listing()
    Listing.objects.update(wakes_at=late)
    found = broken()
    assert found["dossiers_the_sweep_has_forgotten"] == found["listings_the_sweep_has_forgotten"] == 1


def test_steps_and_mails_that_nobody_carries_on():
    dossier, late = moved(), NOON - timedelta(hours=3)
    steps = (("due", None, late), ("running", late, late), ("parked", None, late), ("due", None, NOON))
    for place, (state, lease, due_at) in enumerate(steps):
        CandidacyStep.objects.create(
            candidacy=dossier, kind="siren", target=str(place), cause="submission", asked_at=late, due_at=due_at,
            state=state, leased_until=lease, finished_at=late if state == "parked" else None,
        )  # fmt: skip
    telling.write(user_ids=[dossier.created_by_id], template="reminder", key="k", facts={}, at=late)
    assert broken() == {
        "checks_not_tried_for_two_hours": 2, "checks_parked": 1, "mails_not_tried_for_two_hours": 1,
    }  # fmt: skip
