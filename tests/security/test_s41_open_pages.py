"""S41, SEC-04, REL-22: a right ends while its page is open; the very next request is refused and says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.notifications.models import Notice
from apps.spaces import ended_rights
from apps.spaces.models import Delegation, HealthSpace, Representation
from tests import factories
from tests.dmp.factories import Person, delegate_of, filed, holder_of, representative_of, signed_in
from tests.harness.clock import NOON
from tests.spaces.delegates import words_of

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
ENDED = "Votre accès à cet espace a pris fin le 25 novembre 2026 à 13 h 00."


def requests_of(person: Person, space: HealthSpace, row) -> list:
    """What an open page can send: another page, its form, the download link, a selection."""
    client = person.client
    return [
        client.get(reverse("dmp:document_detail", args=[space.id, row.id])),
        client.post(reverse("dmp:document_hide", args=[space.id, row.id])),
        client.get(reverse("dmp:document_file", args=[space.id, row.id])),
        client.post(reverse("dmp:selection_hide", args=[space.id]), {"document": str(row.id), "confirmation": "oui"}),
        client.get(reverse("journeys:dashboard", args=[space.id])),
    ]


@pytest.mark.parametrize(("step", "refused"), [(-SECOND, False), (timedelta(), True), (SECOND, True)])
@pytest.mark.parametrize("person_of", [delegate_of, representative_of])
def test_s41_the_end_is_that_of_the_clock(person_of, step, refused):
    with time_machine.travel(NOON - timedelta(minutes=1), tick=False) as clock:
        space = factories.space()
        row = filed(space)
        person = person_of(space, ends_at=NOON)
        assert person.client.get(reverse("dmp:document_hide", args=[space.id, row.id])).status_code == 200
        clock.move_to(NOON + step)

        found = requests_of(person, space, row)

    assert {answer.status_code for answer in found} == ({404} if refused else {200, 302})
    if refused:
        assert all(ENDED in words_of(answer) for answer in found)
        row.refresh_from_db()
        assert row.hidden_at is None


def test_s41_revoked_from_another_browser():
    with time_machine.travel(NOON, tick=False):
        space = factories.space()
        row = filed(space)
        relative = delegate_of(space)
        assert relative.client.get(reverse("dmp:document_hide", args=[space.id, row.id])).status_code == 200
        delegation = Delegation.objects.get(space=space)

        holder_of(space).client.post(reverse("spaces:delegate_end", args=[space.id, delegation.id]))
        found = requests_of(relative, space, row)

    assert {answer.status_code for answer in found} == {404}
    assert all(ENDED in words_of(answer) for answer in found)
    assert not any("Elle a pu être déplacée" in words_of(answer) for answer in found)
    row.refresh_from_db()
    assert row.hidden_at is None


def test_s41_an_ex_parent_at_midnight_of_the_eighteenth_birthday():
    midnight = datetime(2026, 11, 24, 23, tzinfo=UTC)
    with time_machine.travel(midnight - SECOND, tick=False) as clock:
        space = factories.space(person=factories.child_identity(birth_date="2008-11-25"))
        row = filed(space, at=midnight - timedelta(days=1))
        parent = representative_of(space, ends_at=midnight)
        assert {answer.status_code for answer in requests_of(parent, space, row)} == {200, 302}
        clock.move_to(midnight)

        found = requests_of(parent, space, row)
        young = signed_in(space.identity).client.get(reverse("journeys:dashboard", args=[space.id]))

    assert {answer.status_code for answer in found} == {404}
    assert "a pris fin le 25 novembre 2026 à 0 h 00" in words_of(found[0])
    assert young.status_code == 200


def test_s41_whoever_never_had_a_right_reads_no_explanation():
    with time_machine.travel(NOON, tick=False):
        space = factories.space()
        stranger = holder_of(factories.space())
        page = stranger.client.get(reverse("journeys:dashboard", args=[space.id]))

    assert page.status_code == 404
    assert "a pris fin" not in words_of(page)


def test_s41_a_closed_space_explains_nothing():
    with time_machine.travel(NOON, tick=False):
        space = factories.space()
        relative = delegate_of(space, ends_at=NOON)
        HealthSpace.objects.filter(pk=space.pk).update(status="closed", closed_at=NOON)
        page = relative.client.get(reverse("journeys:dashboard", args=[space.id]))

    assert page.status_code == 404
    assert "a pris fin" not in words_of(page)


def test_band_and_title_stand_on_error_pages_inside_the_space():
    with time_machine.travel(NOON, tick=False):
        space = factories.space()
        filed(space)
        page = delegate_of(space).client.get(
            reverse("dmp:document_detail", args=[space.id, "0190a6c4-0000-7000-8000-00000000abcd"])
        )

    assert page.status_code == 404
    assert "Vous êtes dans l'espace d'Alice M." in words_of(page)
    assert "– espace d'Alice M. –" in words_of(page)


class TestToldByTheClock:
    @pytest.fixture
    def rows(self):
        space = factories.space()
        factories.user(person=space.identity)
        relative = factories.identity()
        factories.user(person=relative)
        return space, factories.delegation(of=space, person=relative, ends_at=NOON)

    def test_s41_both_are_told_once_whenever_the_job_comes(self, rows):
        assert ended_rights.tell_ended(at=NOON - SECOND) == 0
        assert ended_rights.tell_ended(at=NOON + timedelta(days=2)) == 1
        assert ended_rights.tell_ended(at=NOON + timedelta(days=2)) == 0

        assert Notice.objects.count() == 2
        assert set(Notice.objects.values_list("kind", flat=True)) == {"delegation"}

    def test_s41_a_killed_job_tells_once(self, rows):
        _, row = rows
        ended_rights.tell_ended(at=NOON)
        Delegation.objects.filter(id=row.id).update(end_told_at=None)

        ended_rights.tell_ended(at=NOON)

        assert Notice.objects.count() == 2

    def test_an_old_end_is_no_news(self, rows):
        assert ended_rights.tell_ended(at=NOON + timedelta(days=30)) == 0
        assert not Notice.objects.exists()

    def test_spa_48_a_parent_is_told_of_the_end(self):
        space = factories.space(person=factories.child_identity(birth_date="2008-11-25"))
        parent = factories.identity()
        factories.user(person=parent)
        factories.representation(of=space, person=parent, ends_at=datetime(2026, 11, 24, 23, tzinfo=UTC))

        assert ended_rights.tell_ended(at=NOON) == 1

        assert Representation.objects.get(space=space).end_told_at == NOON
        assert Notice.objects.count() == 1

    @pytest.mark.parametrize(("days", "told"), [(91, 0), (90, 1), (1, 1)])
    def test_spa_48_parents_are_told_three_months_before_once(self, days, told):
        of_age = datetime(2026, 11, 24, 23, tzinfo=UTC)
        space = factories.space(
            person=factories.child_identity(birth_date="2008-11-25"), opened_at=of_age - timedelta(days=400)
        )
        parent = factories.identity()
        factories.user(person=parent)
        factories.representation(of=space, person=parent, ends_at=of_age)

        at = of_age - timedelta(days=days)
        assert [ended_rights.tell_of_majority(at=at), ended_rights.tell_of_majority(at=at)] == [told, 0]
        assert Notice.objects.count() == told

    def test_spa_50_a_measure_that_ends_is_no_majority(self):
        space = factories.space()
        guardian = factories.identity()
        factories.user(person=guardian)
        factories.representation(of=space, person=guardian, capacity="FAMILLE", ends_at=NOON + timedelta(days=5))

        assert ended_rights.tell_of_majority(at=NOON) == 0
        assert not Notice.objects.exists()
