from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.accounts.models import InsIdentity
from apps.audit.services import events_of
from apps.journeys.demonstration.closings import close_some
from apps.journeys.demonstration.story import closings, opened_at
from apps.rollout.models import EligiblePerson
from apps.spaces.models import HealthSpace
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)
AT = opened_at(TODAY) + timedelta(days=267)


def adults(number: int) -> None:
    for _ in range(number):
        space = factories.space(opened_at=opened_at(TODAY))
        EligiblePerson.objects.create(
            identity=space.identity, situation="MAJEUR", channel="courrier", state_at=AT, first_run_id=space.pk,
            changed_run_id=space.pk, fingerprint="x",
        )  # fmt: skip


def test_spa_30_solange_closed_hers_three_weeks_ago():
    solange = factories.space(opened_at=opened_at(TODAY))

    assert close_some(spaces={"solange": solange.pk}, today=TODAY, until=AT) == 1

    solange.refresh_from_db()
    assert (solange.status, solange.closure_reason) == ("closed", "holder")
    assert solange.closed_at.date() == date(2026, 11, 5)
    assert solange.closure_reference != ""
    assert events_of(solange.pk).filter(action="spaces.space.close").count() == 1


def test_one_in_a_hundred_of_the_others_did():
    solange = factories.space(opened_at=opened_at(TODAY))
    adults(200)

    assert close_some(spaces={"solange": solange.pk}, today=TODAY, until=AT) == 3
    assert HealthSpace.objects.filter(status="closed").count() == 3
    assert InsIdentity.objects.count() == 201


def test_nothing_is_closed_before_its_day():
    solange = factories.space(opened_at=opened_at(TODAY))

    assert close_some(spaces={"solange": solange.pk}, today=TODAY, until=opened_at(TODAY)) == 0


def test_every_closing_of_the_story_is_of_the_past():
    assert all(entry.at < AT for entry in closings(today=TODAY))
