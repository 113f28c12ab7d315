"""Finding, inviting, answering (SPA-52 to SPA-54)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.access import AccessDeniedError, Role
from apps.audit.services import events_of
from apps.notifications.models import Notice
from apps.spaces import invariants
from apps.spaces.entry import enter
from apps.spaces.models import Delegation, DelegationInvitation, InvitationState
from apps.spaces.services import delegations, finding, invitations
from apps.spaces.services.errors import (
    InvitationFault,
    InvitationNotFoundError,
    InvitationOverError,
    InvitationRefusedError,
)
from tests import factories
from tests.harness.clock import NOON
from tests.spaces.delegates import (
    ALL,
    LAST_DAY,
    accepted,
    found,
    helper,
    holder_actor,
    invited,
    reader,
    terms,
    traits_of,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def space():
    return factories.space()


class TestSearch:
    def search(self, space, person, **changes):
        return finding.search_person(
            actor=holder_actor(space), traits=traits_of(person, **changes), terms=terms(), at=NOON
        )

    def test_spa_53_all_four_traits_find_a_person_with_an_account(self, space):
        user = helper()

        draft = self.search(space, user.identity)

        assert (draft.person_id, draft.sent_at, draft.answer) == (user.identity_id, None, "")

    @pytest.mark.parametrize(
        "change",
        [
            {"ins_number": "2840644109999"},
            {"first_name": "DIANA"},
            {"family_name": "MOREAU"},
            {"birth_date": "1984-06-15"},
            {"birth_date": "1984-06-00"},
        ],
    )
    def test_spa_53_one_wrong_trait_is_a_miss(self, space, change):
        assert self.search(space, helper().identity, **change) is None

    @pytest.mark.parametrize("change", [{"first_name": "diane"}, {"family_name": "Morel "}, {"first_name": "Dïane"}])
    def test_idn_17_case_and_accents_do_not_matter(self, space, change):
        assert self.search(space, helper().identity, **change) is not None

    def test_spa_53_names_in_use_count_too(self, space):
        person = helper(family_name_in_use="LE GOFF").identity

        assert self.search(space, person, family_name="Le Goff") is not None

    def test_idn_04_a_former_number_is_looked_up(self, space):
        person = helper().identity
        person.former_numbers.create(ins_number="8840699109123", authority="1.2.250.1.213.1.4.9", ended_at=NOON)

        assert self.search(space, person, ins_number="8840699109123") is not None

    def test_spa_53_nobody_without_an_account_is_found(self, space):
        assert self.search(space, factories.identity(first_given_name="DIANE")) is None
        closed = factories.identity(first_given_name="DIANE")
        factories.user(person=closed, is_active=False)
        assert self.search(space, closed) is None

    def test_spa_53_neither_the_dead_nor_oneself(self, space):
        assert self.search(space, helper(died_on=date(2026, 1, 1)).identity) is None
        assert self.search(space, space.identity) is None

    def test_spa_53_hit_and_miss_leave_a_line_without_a_name(self, space):
        person = helper().identity
        self.search(space, person)
        self.search(space, person, first_name="DIANA")

        lines = list(events_of(space.id).filter(action="spaces.delegate.search"))

        assert sorted(line.facts["found"] for line in lines) == [False, True]
        assert "DIAN" not in str([(line.target, line.facts) for line in lines])

    def test_spa_53_hit_and_miss_cost_the_same_reads(self, space, django_assert_max_num_queries):
        person = helper().identity
        holder_actor(space)
        with django_assert_max_num_queries(12) as hit:
            self.search(space, person)
        with django_assert_max_num_queries(12) as miss:
            self.search(space, person, first_name="DIANA")
        assert len(hit) - len(miss) == 1  # the draft itself

    def test_spa_53_an_old_draft_is_thrown_away(self, space):
        found(space, helper().identity, at=NOON - timedelta(minutes=15))

        found(space, helper(first_given_name="EMMA").identity)

        assert DelegationInvitation.objects.count() == 1

    def test_spa_55_neither_delegate_nor_representative_searches(self, space):
        for role in (Role.DELEGATE, Role.REPRESENTATIVE):
            actor = factories.holder(space)
            actor = type(actor)(role=role, at=NOON, space_id=space.id, user_id=helper().id, rights=actor.rights)
            with pytest.raises(AccessDeniedError):
                finding.search_person(actor=actor, traits=traits_of(helper().identity), terms=terms(), at=NOON)


class TestSending:
    def test_spa_54_an_invitation_is_pending_for_fifteen_days(self, space):
        row = invited(space, helper().identity)

        end = NOON + timedelta(days=15)
        assert row.expires_at == end
        assert row.state_at(end - SECOND) is InvitationState.PENDING
        assert row.state_at(end) is InvitationState.EXPIRED

    def test_spa_54_it_ends_with_the_last_day_of_help(self, space):
        row = invited(space, helper().identity, ends_on=date(2026, 11, 27))

        assert row.expires_at.astimezone(UTC) == datetime(2026, 11, 27, 23, tzinfo=UTC)

    def test_spa_53_the_search_is_quoted_once(self, space):
        draft = found(space, helper().identity)
        actor = holder_actor(space)

        first = invitations.send_invitation(actor=actor, search_id=draft.search_id, at=NOON)
        again = invitations.send_invitation(actor=actor, search_id=draft.search_id, at=NOON + SECOND)

        assert (first.id, first.sent_at) == (again.id, again.sent_at)
        assert events_of(space.id).filter(action="spaces.delegate.invite").count() == 1

    @pytest.mark.parametrize(("minutes", "works"), [(14, True), (15, False)])
    def test_spa_53_a_search_is_quoted_within_fifteen_minutes(self, space, minutes, works):
        draft = found(space, helper().identity)
        at = NOON + timedelta(minutes=minutes)
        try:
            invitations.send_invitation(actor=holder_actor(space, at=at), search_id=draft.search_id, at=at)
        except InvitationNotFoundError:
            assert not works
        else:
            assert works

    def test_sec_02_the_search_of_another_space_does_not_exist(self, space):
        draft = found(factories.space(), helper().identity)

        with pytest.raises(InvitationNotFoundError):
            invitations.send_invitation(actor=holder_actor(space), search_id=draft.search_id, at=NOON)

    def test_spa_54_the_same_person_is_not_invited_twice(self, space):
        person = helper().identity
        invited(space, person)

        with pytest.raises(InvitationRefusedError) as error:
            invited(space, person)

        assert error.value.fault is InvitationFault.SAME_INVITATION

    def test_spa_54_an_expired_invitation_makes_room(self, space):
        person = helper().identity
        first = invited(space, person, at=NOON - timedelta(days=15), ends_on=LAST_DAY)

        invited(space, person)

        first.refresh_from_db()
        assert first.answer == "lapsed"
        assert len(invitations.invitations_to(person_id=person.pk)) == 1

    @pytest.mark.parametrize(
        ("sections", "fault"),
        [(ALL, InvitationFault.SAME_DELEGATION), ({"documents": "read"}, InvitationFault.OTHER_DELEGATION)],
    )
    def test_spa_54_a_delegation_of_the_same_person_is_said(self, space, sections, fault):
        user = helper()
        accepted(space, user)

        with pytest.raises(InvitationRefusedError) as error:
            invited(space, user.identity, sections=sections)

        assert error.value.fault is fault

    def test_spa_52_the_fourth_relative_is_refused(self, space):
        accepted(space, helper())
        for _ in range(2):
            invited(space, helper().identity)

        with pytest.raises(InvitationRefusedError) as error:
            invited(space, helper().identity)

        assert error.value.fault is InvitationFault.HOLDER_LIMIT

    def test_spa_52_the_sixth_person_helped_is_refused(self):
        user = helper()
        for _ in range(5):
            factories.delegation(of=factories.space(), person=user.identity)

        with pytest.raises(InvitationRefusedError) as error:
            invited(factories.space(), user.identity)

        assert error.value.fault is InvitationFault.DELEGATE_LIMIT

    def test_spa_52_ended_help_and_refusals_leave_their_place(self, space):
        factories.delegation(of=space, person=factories.identity(), ends_at=NOON)
        factories.delegation(of=space, person=factories.identity(), ended_at=NOON)
        user = helper()
        row = invited(space, user.identity)
        invitations.refuse_invitation(reader=reader(user), invitation_id=row.id, at=NOON)

        for _ in range(3):
            accepted(space, helper())


class TestAnswering:
    def test_spa_54_yes_opens_the_space_within_what_was_offered(self, space):
        user = helper()

        accepted(space, user, sections={"documents": "read"})

        row = Delegation.objects.get(space=space)
        assert (row.starts_at, row.ends_at.astimezone(UTC)) == (NOON, datetime(2027, 5, 31, 22, tzinfo=UTC))
        entry = enter(user=user, space_id=space.id, level="eidas2", at=NOON)
        assert (entry.view.reads, entry.view.manages) == (frozenset({"documents"}), frozenset())

    def test_spa_54_help_begins_on_its_first_day(self, space):
        user = helper()
        accepted(space, user, starts_on=date(2026, 12, 1))

        begin = datetime(2026, 11, 30, 23, tzinfo=UTC)
        assert enter(user=user, space_id=space.id, level="eidas2", at=begin - SECOND) is None
        assert enter(user=user, space_id=space.id, level="eidas2", at=begin) is not None

    def test_spa_54_twice_yes_is_one_delegation(self, space):
        user = helper()
        row = accepted(space, user)

        invitations.accept_invitation(reader=reader(user), invitation_id=row.id, at=NOON)

        assert Delegation.objects.filter(space=space).count() == 1
        assert events_of(space.id).filter(action="spaces.delegate.accept").count() == 1

    def test_spa_54_no_leaves_nothing_and_stays_no(self, space):
        user = helper()
        row = invited(space, user.identity)
        invitations.refuse_invitation(reader=reader(user), invitation_id=row.id, at=NOON)

        with pytest.raises(InvitationOverError):
            invitations.accept_invitation(reader=reader(user), invitation_id=row.id, at=NOON)

        assert not Delegation.objects.filter(space=space).exists()

    @pytest.mark.parametrize(("step", "works"), [(-SECOND, True), (timedelta(), False), (SECOND, False)])
    def test_sec_04_an_invitation_ends_at_its_second(self, space, step, works):
        user = helper()
        row = invited(space, user.identity)
        try:
            invitations.accept_invitation(reader=reader(user), invitation_id=row.id, at=row.expires_at + step)
        except InvitationOverError:
            assert not works
        else:
            assert works

    def test_sec_01_somebody_elses_invitation_does_not_exist(self, space):
        row = invited(space, helper().identity)

        for act in (invitations.accept_invitation, invitations.refuse_invitation):
            with pytest.raises(InvitationNotFoundError):
                act(reader=reader(helper()), invitation_id=row.id, at=NOON)

    def test_a_draft_does_not_exist_for_the_person_found(self, space):
        user = helper()
        draft = found(space, user.identity)

        assert invitations.invitations_to(person_id=user.identity_id) == []
        with pytest.raises(InvitationNotFoundError):
            invitations.accept_invitation(reader=reader(user), invitation_id=draft.id, at=NOON)

    def test_a_withdrawn_one_does_not_exist_any_more(self, space):
        user = helper()
        row = invited(space, user.identity)
        invitations.withdraw_invitation(actor=holder_actor(space), invitation_id=row.id, at=NOON)
        invitations.withdraw_invitation(actor=holder_actor(space), invitation_id=row.id, at=NOON)

        with pytest.raises(InvitationNotFoundError):
            invitations.accept_invitation(reader=reader(user), invitation_id=row.id, at=NOON)
        assert events_of(space.id).filter(action="spaces.delegate.withdraw").count() == 1

    def test_an_answered_one_is_not_withdrawn(self, space):
        row = accepted(space, helper())

        with pytest.raises(InvitationOverError):
            invitations.withdraw_invitation(actor=holder_actor(space), invitation_id=row.id, at=NOON)

    def test_the_invitation_into_a_closed_space_does_not_exist(self, space):
        user = helper()
        row = invited(space, user.identity)
        type(space).objects.filter(pk=space.pk).update(status="closed", closed_at=NOON)

        with pytest.raises(InvitationNotFoundError):
            invitations.accept_invitation(reader=reader(user), invitation_id=row.id, at=NOON)

    def test_a_former_helper_may_come_back(self, space):
        user = helper()
        factories.delegation(of=space, person=user.identity, ends_at=NOON)

        accepted(space, user)

        assert Delegation.objects.running(at=NOON).filter(space=space).count() == 1

    def test_both_sides_are_told_by_codes_alone(self, space):
        user = helper()
        holder_actor(space)
        accepted(space, user)

        told = {(notice.user_id, notice.facts["act"]) for notice in Notice.objects.order_by("id")}

        holder = space.identity.user
        assert told == {(user.pk, "invited"), (holder.pk, "accepted")}


class TestInvariants:
    def test_help_that_has_not_begun_ends_on_the_spot(self, space):
        user = helper()
        accepted(space, user, starts_on=date(2026, 12, 1))
        row = Delegation.objects.get(space=space)

        delegations.end_delegation(actor=holder_actor(space), delegation_id=row.id, at=NOON)

        assert not any(Delegation.objects.running(at=NOON + timedelta(days=day)).exists() for day in (0, 6, 90))
        assert invariants.rights_that_end_before_they_start(at=NOON) == 0

    @pytest.mark.parametrize(("number", "wrong"), [(3, 0), (4, 1)])
    def test_spa_52_more_than_three_relatives_are_counted(self, space, number, wrong):
        for _ in range(number):
            factories.delegation(of=space, person=factories.identity())

        assert invariants.too_many_helpers(at=NOON) == wrong

    @pytest.mark.parametrize(("number", "wrong"), [(5, 0), (6, 1)])
    def test_spa_52_more_than_five_people_helped_are_counted(self, number, wrong):
        person = factories.identity()
        for _ in range(number):
            factories.delegation(of=factories.space(), person=person)

        assert invariants.too_many_helpers(at=NOON) == wrong
