"""Who enters a space, as whom, until when (SPA-40 to SPA-56, SEC-04, SEC-34)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from apps.access import Purpose, Role
from apps.common.dates import PartialDate
from apps.spaces.entry import enter
from apps.spaces.majority import age, is_minor, majority_at
from tests import factories
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


def entry(user, space, *, level="eidas1", at=NOON):
    return enter(user=user, space_id=space.id, level=level, at=at)


class TestEnter:
    def test_holder_enters_with_one_query(self, django_assert_num_queries):
        space = factories.space()
        user = factories.user(person=space.identity)
        with django_assert_num_queries(1):
            found = entry(user, space)
        assert (found.actor.role, found.actor.purpose, found.actor.user_id) == (Role.HOLDER, Purpose.OWN, user.id)
        assert (found.view.is_own, found.view.holder_name, found.view.short_name) == (True, "Alice Morel", "Alice M.")

    def test_sec_01_another_holder_does_not(self):
        assert entry(factories.user(person=factories.identity()), factories.space()) is None

    def test_person_without_identity_enters_nothing(self):
        assert entry(factories.user(), factories.space()) is None

    def test_spa_40_parent_enters_the_space_of_a_child(self):
        child, parent = factories.space(person=factories.child_identity()), factories.identity()
        until = NOON + timedelta(days=3000)
        factories.representation(of=child, person=parent, ends_at=until)
        found = entry(factories.user(person=parent), child)
        assert (found.actor.role, found.actor.purpose) == (Role.REPRESENTATIVE, Purpose.REPRESENTATION)
        assert (found.actor.rights.rights_until, found.view.until, found.view.is_own) == (until, until, False)

    def test_spa_47_minor_has_no_entry_of_their_own(self):
        child = factories.space(person=factories.child_identity())
        assert entry(factories.user(person=child.identity), child) is None

    @pytest.mark.parametrize(("seconds", "enters"), [(-1, True), (0, False), (1, False)])
    def test_sec_04_right_ends_by_the_clock(self, seconds, enters):
        child, parent, end = factories.space(person=factories.child_identity()), factories.identity(), NOON
        factories.representation(of=child, person=parent, ends_at=end)
        found = entry(factories.user(person=parent), child, at=end + timedelta(seconds=seconds))
        assert (found is not None) == enters

    def test_right_ended_by_decision_ends_before_its_planned_end(self):
        child, parent = factories.space(person=factories.child_identity()), factories.identity()
        factories.representation(of=child, person=parent, ended_at=NOON)
        user = factories.user(person=parent)
        assert entry(user, child, at=NOON - timedelta(seconds=1)) is not None
        assert entry(user, child) is None

    def test_representation_without_known_end_goes_on(self):
        adult, guardian = factories.space(), factories.identity()
        factories.representation(of=adult, person=guardian, ends_at=None, capacity="FAMILLE")
        found = entry(factories.user(person=guardian), adult)
        assert (found.actor.role, found.view.until) == (Role.REPRESENTATIVE, None)

    def test_spa_54_delegate_enters_between_start_and_end(self):
        space, helper = factories.space(), factories.identity()
        factories.delegation(of=space, person=helper)
        user = factories.user(person=helper)
        assert entry(user, space).actor.role is Role.DELEGATE
        assert entry(user, space, at=NOON - timedelta(days=31)) is None
        assert entry(user, space, at=NOON + timedelta(days=31)) is None

    @pytest.mark.parametrize("status", ["closed", "suspended", "deleted"])
    def test_space_that_is_not_open_is_not_entered(self, status):
        closed_at = NOON if status != "suspended" else None
        space = factories.space(status=status, closed_at=closed_at)
        assert entry(factories.user(person=space.identity), space) is None

    def test_sec_34_level_below_the_one_asked_enters_nothing(self, settings):
        settings.HOLDER_MIN_LEVEL = "eidas2"
        space = factories.space()
        user = factories.user(person=space.identity)
        assert entry(user, space, level="eidas1") is None
        assert entry(user, space, level="eidas2") is not None
        assert entry(user, space, level="") is None


class TestMajority:
    """Checked by hand: midnight in Paris is 22:00 or 23:00 UTC of the day before."""

    def test_spa_48_midnight_in_paris_of_the_eighteenth_birthday(self):
        assert majority_at(PartialDate.parse("2008-07-14")) == datetime(2026, 7, 13, 22, tzinfo=UTC)
        assert majority_at(PartialDate.parse("2008-12-01")) == datetime(2026, 11, 30, 23, tzinfo=UTC)

    def test_born_on_29_february_comes_of_age_on_1_march(self):
        assert majority_at(PartialDate.parse("2008-02-29")) == datetime(2026, 2, 28, 23, tzinfo=UTC)

    def test_unknown_day_counts_as_the_earliest(self):
        assert majority_at(PartialDate.parse("2008-07-00")) == datetime(2026, 6, 30, 22, tzinfo=UTC)

    def test_last_second_of_childhood(self):
        born = PartialDate.parse("2008-07-14")
        assert is_minor(born, at=datetime(2026, 7, 13, 21, 59, 59, tzinfo=UTC))
        assert not is_minor(born, at=datetime(2026, 7, 13, 22, tzinfo=UTC))

    def test_age_in_completed_years(self):
        assert age(PartialDate.parse("2017-11-25"), at=NOON) == 9
        assert age(PartialDate.parse("2017-11-26"), at=NOON) == 8
