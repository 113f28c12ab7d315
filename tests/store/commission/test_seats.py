"""Who may sit on a dossier, and how many are enough (STO-17, STO-18, S33)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.store import seats
from apps.store.models import Candidacy, CommissionMember, ConflictDeclaration, ReviewerTie
from apps.store.seats import Bench
from apps.store.states import Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes
from tests.store.commission.scenes import TODAY


def bench(*, linked: int, able: int, voters: int) -> Bench:
    nobody = CommissionMember()
    return Bench(able=(nobody,) * able, linked=(nobody,) * linked, voters=(nobody,) * voters)


@pytest.mark.parametrize(("linked", "needed"), [(0, 5), (1, 5), (2, 4), (3, 4), (4, 3), (9, 1)])
def test_sto_18_quorum_is_more_than_half_of_the_seats_that_may_sit(linked, needed):
    assert bench(linked=linked, able=9 - linked, voters=0).needed == needed


@given(linked=st.integers(0, 9), voters=st.integers(0, 9))
def test_sto_18_no_quorum_without_a_majority_of_those_who_may_sit(linked, voters):
    able = 9 - linked
    there = min(voters, able)
    found = bench(linked=linked, able=able, voters=there)
    assert found.has_quorum is (there > able / 2 and there > 0)
    assert found.has_quorum <= found.can_have_quorum


@pytest.mark.django_db
class TestInOffice:
    def test_sto_17_mandate_runs_and_interests_are_declared(self):
        sits = factories.seat(0)
        factories.seat(1, ends_on=date(2026, 11, 24))
        factories.seat(2, starts_on=date(2026, 11, 26))
        factories.seat(3, interests_declared_on=None)
        assert list(seats.in_office(TODAY)) == [sits]

    def test_the_last_day_of_a_mandate_counts(self):
        sits = factories.seat(0, ends_on=TODAY)
        assert list(seats.in_office(TODAY)) == [sits]


@pytest.mark.django_db
class TestBenches:
    def test_s33_linked_members_neither_vote_nor_count(self):
        dossier, other = factories.candidacy(Status.COMMISSION), factories.candidacy(Status.COMMISSION)
        nine = scenes.members()
        scenes.tied(nine[0], dossier)
        ConflictDeclaration.objects.create(candidacy=dossier, user=nine[1].user, has_link=True, kind="parent", at=NOON)
        present = {member.pk for member in nine[:6]}
        found = seats.benches([dossier, other], members=nine, present=present, day=TODAY)
        assert {member.pk for member in found[dossier.pk].linked} == {nine[0].pk, nine[1].pk}
        assert [member.pk for member in found[dossier.pk].voters] == [member.pk for member in nine[2:6]]
        assert found[dossier.pk].has_quorum, "four of the seven who may sit"
        assert len(found[other.pk].voters) == 6

    def test_sto_18_a_link_declared_about_one_dossier_counts_for_all_of_its_publisher(self):
        by, other = factories.member(), factories.candidacy(Status.COMMISSION)
        before = factories.candidacy(Status.REFUSED, by=by)
        now = factories.candidacy(Status.COMMISSION, by=by)
        seat = factories.seat(0)
        ConflictDeclaration.objects.create(candidacy=before, user=seat.user, has_link=True, kind="parent", at=NOON)
        found = seats.benches([now, other], members=[seat], present={seat.pk}, day=TODAY)
        assert (found[now.pk].linked, found[now.pk].voters) == ((seat,), ())
        assert found[other.pk].voters == (seat,)
        assert factories.ids(Candidacy.objects.visible_to(scenes.at_work(seat.user))) == [other.pk]

    @pytest.mark.parametrize(("ended_at", "is_linked"), [(None, True), (NOON, False)])
    def test_sto_18_who_acts_for_the_publisher_has_a_link(self, ended_at, is_linked):
        dossier, seat = factories.candidacy(Status.COMMISSION), factories.seat(0)
        factories.member(publisher=dossier.publisher, user=seat.user, roles=["technical"], ended_at=ended_at)
        assert bool(seats.linked([dossier], user_ids=[seat.user_id], day=TODAY)) is is_linked
        is_seen = Candidacy.objects.visible_to(scenes.at_work(seat.user)).filter(pk=dossier.pk).exists()
        assert is_seen is not is_linked

    def test_two_queries_for_any_number_of_dossiers(self, django_assert_num_queries):
        dossiers = list(Candidacy.objects.select_related("publisher").filter(
            pk__in=[factories.candidacy(Status.COMMISSION).pk for _ in range(5)]).order_by("pk"))  # fmt: skip
        nine = scenes.members()
        with django_assert_num_queries(2):
            seats.benches(dossiers, members=nine, present=(), day=TODAY)

    @pytest.mark.parametrize(
        "tie",
        [
            {"siren": "publisher"}, {"siren": "group"}, {"siren": "other", "sirens_of_group": ["publisher"]},
            {"siren": "other"}, {"siren": "publisher", "until": date(2026, 11, 24)},
            {"siren": "publisher", "until": TODAY},
        ],
    )  # fmt: skip
    def test_s33_the_same_answer_as_visible_to(self, tie):
        group, other = factories.luhn_siren(901), factories.luhn_siren(902)
        by = factories.member()
        by.publisher.group_siren = group
        by.publisher.save()
        dossier = factories.candidacy(Status.COMMISSION, by=by)
        names = {"publisher": by.publisher.siren, "group": group, "other": other}
        seat = factories.seat(0)
        ReviewerTie.objects.create(
            user=seat.user, siren=names[tie["siren"]], kind="salarié", since=date(2024, 1, 1), until=tie.get("until"),
            sirens_of_group=[names[one] for one in tie.get("sirens_of_group", [])],
        )  # fmt: skip
        is_linked = bool(seats.linked([dossier], user_ids=[seat.user_id], day=TODAY))
        is_seen = Candidacy.objects.visible_to(scenes.at_work(seat.user)).filter(pk=dossier.pk).exists()
        assert is_linked is not is_seen
