"""Votes, quorum and the four opinions (STO-18, STO-41, STO-59)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from apps.store.models import AgendaItem, Reservation, Vote
from apps.store.services import voting
from apps.store.services.errors import ChangedError, WrongValueError
from apps.store.services.voting import Given, Reserved, Tally
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store.commission import scenes
from tests.store.commission.scenes import LATER

pytestmark = pytest.mark.django_db
SOON = date(2026, 12, 31)
SUSPENSIVE = Reserved(text="Publier la déclaration.", is_suspensive=True, due_on=SOON, criterion="CRI-ACC-01")
LIGHT = Reserved(text="Ajouter une langue.", is_suspensive=False, due_on=date(2027, 6, 30))


@pytest.fixture
def seated():
    """Nine members, seven of them there, a dossier before them."""
    nine, held = scenes.members(), scenes.session()
    scenes.there(held, *nine[:7])
    return nine, held, scenes.before(held)


def record(by, item, votes, *, seen=0):
    return voting.record_votes(actor=scenes.at_work(by), item_id=item.pk, votes=votes, seen=seen, at=NOON)


def opine(by, item, opinion="favorable", *reservations, text="Avis.", seen=0):
    given = Given(opinion=opinion, text=text, reservations=reservations)
    return voting.record_opinion(actor=scenes.at_work(by), item_id=item.pk, given=given, seen=seen, at=NOON)


def choices(seats, *said):
    return {seat.pk: choice for seat, choice in zip(seats, said, strict=True)}


@examples(st.lists(st.sampled_from(Vote.Choice.values), max_size=9))
def test_a_majority_has_more_for_than_against(said):
    tally = voting.count(said)
    assert tally.in_favour + tally.against + tally.abstentions == len(said)
    assert tally.is_favourable is (said.count("pour") > said.count("contre"))


def test_a_tie_is_no_majority():
    assert Tally(in_favour=3, against=3, abstentions=1).proposed == AgendaItem.Opinion.UNFAVOURABLE


class TestVotes:
    def test_kept_and_replaced(self, secretary, seated):
        nine, _held, item = seated
        record(secretary, item, choices(nine[:7], *["pour"] * 7))
        tally = record(secretary, item, choices(nine[:7], *["contre"] * 4, *["abstention"] * 3), seen=1)
        assert tally == Tally(in_favour=0, against=4, abstentions=3)
        assert item.votes.count() == 7

    def test_sto_18_no_vote_of_a_linked_member(self, secretary, seated):
        nine, _held, item = seated
        scenes.tied(nine[2], item.candidacy)
        with pytest.raises(WrongValueError, match="linked"):
            record(secretary, item, choices(nine[:7], *["pour"] * 7))
        assert Vote.objects.count() == 0

    def test_no_vote_of_somebody_who_is_not_there(self, secretary, seated):
        nine, _held, item = seated
        with pytest.raises(WrongValueError, match="absent"):
            record(secretary, item, choices(nine[:8], *["pour"] * 8))
        with pytest.raises(WrongValueError, match="unknown"):
            record(secretary, item, choices(nine[:1], "peut-être"))

    def test_not_before_the_day_not_after_the_opinion(self, secretary, seated):
        _nine, held, _item = seated
        given = scenes.before(held, opinion="favorable", opinion_at=NOON, recorded_by=secretary, quorum=5)
        with pytest.raises(WrongValueError, match="given"):
            record(secretary, given, {})
        with pytest.raises(WrongValueError, match="not-yet"):
            record(secretary, scenes.before(scenes.session(LATER)), {})


class TestOpinion:
    def test_sto_59_the_dossier_goes_to_the_delegate(self, secretary, seated):
        nine, held, item = seated
        scenes.voted(item, nine[:7], *["pour"] * 5, "contre", "abstention")
        opine(secretary, item)
        item.refresh_from_db()
        assert (item.opinion, item.quorum, item.recorded_by, item.opinion_at) == ("favorable", 7, secretary, NOON)
        dossier = item.candidacy
        assert (dossier.status, dossier.queue) == (Status.OPINION, Queue.DELEGATE)
        assert dossier.events.get().rule == "STO-59"
        held.refresh_from_db()
        assert held.sequence == 1

    def test_sto_41_dated_reservations(self, secretary, seated):
        nine, _held, item = seated
        scenes.voted(item, nine[:7], *["pour"] * 7)
        opine(secretary, item, "reserves_suspensives", SUSPENSIVE, LIGHT)
        rows = Reservation.objects.filter(candidacy=item.candidacy).order_by("due_on")
        assert [(row.criterion, row.is_suspensive, row.due_on, row.made_at) for row in rows] == [
            ("CRI-ACC-01", True, SOON, NOON),
            ("", False, date(2027, 6, 30), NOON),
        ]

    @pytest.mark.parametrize(("there", "linked", "passes"), [(5, 0, True), (4, 0, False), (5, 1, False), (6, 2, True)])
    def test_sto_18_no_opinion_without_quorum(self, secretary, there, linked, passes):
        nine, held = scenes.members(), scenes.session()
        item = scenes.before(held)
        scenes.there(held, *nine[:there])
        for seat in nine[:linked]:
            scenes.tied(seat, item.candidacy)
        scenes.voted(item, nine[linked:there], *["pour"] * (there - linked))
        if passes:
            assert opine(secretary, item).quorum == there - linked
            return
        with pytest.raises(WrongValueError, match="quorum: missing"):
            opine(secretary, item)
        item.refresh_from_db()
        assert (item.opinion, item.candidacy.status) == ("", Status.COMMISSION)

    def test_each_member_has_voted(self, secretary, seated):
        nine, _held, item = seated
        scenes.voted(item, nine[:6], *["pour"] * 6)
        with pytest.raises(WrongValueError, match="votes: missing"):
            opine(secretary, item)

    @pytest.mark.parametrize(
        ("votes", "opinion", "reservations"),
        [
            (["contre"] * 7, "favorable", ()),
            (["pour"] * 3 + ["contre"] * 3 + ["abstention"], "reserves_non_suspensives", (LIGHT,)),
            (["pour"] * 7, "defavorable", ()),
        ],
    )
    def test_it_follows_the_votes(self, secretary, seated, votes, opinion, reservations):
        nine, _held, item = seated
        scenes.voted(item, nine[:7], *votes)
        with pytest.raises(WrongValueError, match="against-votes"):
            opine(secretary, item, opinion, *reservations)

    @pytest.mark.parametrize(
        ("opinion", "reservations", "text", "wrong"),
        [
            ("favorable", (LIGHT,), "x", "none-allowed"),
            ("reserves_non_suspensives", (), "x", "reservations: missing"),
            ("reserves_non_suspensives", (SUSPENSIVE,), "x", "reservations: suspensive"),
            ("reserves_suspensives", (LIGHT,), "x", "suspensive-missing"),
            ("reserves_suspensives", (Reserved(text="x", is_suspensive=True, due_on=date(2027, 3, 1)),), "x", "late"),
            ("reserves_suspensives", (Reserved(text="x", is_suspensive=True, due_on=NOON.date()),), "x", "due_on"),
            ("reserves_suspensives", (Reserved(text=" ", is_suspensive=True, due_on=SOON),), "x", "missing"),
            (
                "reserves_suspensives",
                (Reserved(text="x", is_suspensive=True, due_on=SOON, criterion="CRI-XXX-01"),),
                "x",
                "criterion: unknown",
            ),
            ("autre", (), "x", "opinion: unknown"),
        ],
    )
    def test_sto_41_what_does_not_fit_is_refused(self, secretary, seated, opinion, reservations, text, wrong):
        nine, _held, item = seated
        scenes.voted(item, nine[:7], *["pour"] * 7)
        with pytest.raises(WrongValueError, match=wrong):
            opine(secretary, item, opinion, *reservations, text=text)
        assert Reservation.objects.count() == 0

    def test_an_unfavourable_opinion_needs_words(self, secretary, seated):
        nine, _held, item = seated
        scenes.voted(item, nine[:7], *["contre"] * 7)
        with pytest.raises(WrongValueError, match="text: missing"):
            opine(secretary, item, "defavorable", text=" ")
        assert opine(secretary, item, "defavorable").opinion == "defavorable"

    def test_given_once(self, secretary, seated):
        nine, _held, item = seated
        scenes.voted(item, nine[:7], *["pour"] * 7)
        opine(secretary, item)
        with pytest.raises(ChangedError):
            opine(secretary, item)
        with pytest.raises(WrongValueError, match="given"):
            opine(secretary, item, seen=1)
