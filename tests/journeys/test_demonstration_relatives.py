"""A day as a relative: what the demonstration holds for Rosa and Gilles (SPA-51 to SPA-54)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from apps.journeys.demonstration import cast as people
from apps.journeys.demonstration.relatives import load_relatives
from apps.spaces.models import Delegation, HealthSpace, InvitationState, Representation
from apps.spaces.services import delegations, invitations
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
KEYS = ("camille", "bruno", "rosa", "fatima", "awa", "gilles", "odile", "jade", "eric")


@pytest.fixture
def persons():
    """The people of the cast whom the rows name, each with a space."""
    found = {}
    for key in KEYS:
        identity = people.member(key, today=TODAY).person.identity
        found[key] = factories.identity(
            ins_number=people.member(key, today=TODAY).row.matricule,
            first_given_name=identity.given[0],
            birth_given_names=" ".join(identity.given),
            birth_family_name=identity.family,
            sex=identity.sex,
            birth_date=identity.born,
        )
    spaces = {key: factories.space(person=person).pk for key, person in found.items()}
    load_relatives(spaces=spaces, today=TODAY, at=NOW)
    return found


def test_spa_54_rosa_has_one_invitation_that_waits_and_one_that_expired(persons):
    rows = invitations.invitations_to(person_id=persons["rosa"].pk)

    found = {row.space.identity.first_given_name: row.state_at(NOW) for row in rows}

    assert found == {"FATIMA": InvitationState.PENDING, "AWA": InvitationState.EXPIRED}


def test_spa_54_rosa_helps_one_and_helped_another(persons):
    helped = delegations.helps_of(person_id=persons["rosa"].pk, at=NOW)

    assert [row.space.identity.first_given_name for row in helped] == ["CAMILLE"]
    over = Delegation.objects.with_end().get(space__identity=persons["bruno"])
    assert over.until < NOW
    assert over.end_told_at == NOW


def test_spa_51_odile_sees_nothing_of_gilles_before_he_agrees(persons):
    row = Representation.objects.get(space__identity=persons["gilles"])

    assert (row.measure, row.mode, row.consented_at) == ("CURATELLE_SIMPLE", "assistance", None)
    reached = HealthSpace.objects.reachable_by(persons["odile"].pk, at=NOW)
    assert [space.identity.first_given_name for space in reached] == ["ODILE"]


def test_spa_48_the_right_of_eric_is_over(persons):
    reached = HealthSpace.objects.reachable_by(persons["eric"].pk, at=NOW)

    assert [space.identity.first_given_name for space in reached] == ["ERIC"]
