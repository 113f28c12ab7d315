"""Agenda: put on, moved, cancelled (STO-58)."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from apps.accounts.models import StaffRole
from apps.common.dates import PARIS
from apps.store.models import AgendaItem, CandidacyEvent, ConflictDeclaration, Mail
from apps.store.services import agenda
from apps.store.services.errors import ChangedError, TransitionRefusedError, UnknownRowError, WrongValueError
from apps.store.states import Event, Queue, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes
from tests.store.commission.scenes import LATER, TODAY

pytestmark = pytest.mark.django_db
FAR = date(2026, 12, 16)


def put(by, held, *dossiers, seen=0):
    ids = [dossier.pk for dossier in dossiers]
    return agenda.put_on_agenda(actor=scenes.at_work(by), session_id=held.pk, candidacy_ids=ids, seen=seen, at=NOON)


def move(by, item, to, *, reason="Report demandé.", seen=0):
    return agenda.move_item(actor=scenes.at_work(by), item_id=item.pk, to=to.pk, reason=reason, seen=seen, at=NOON)


def local(moment):
    return moment.astimezone(PARIS).strftime("%Y-%m-%d %H:%M:%S")


class TestPutting:
    def test_sto_58_the_commission_has_it_until_the_end_of_the_day(self, secretary):
        scenes.members()
        held, dossier = scenes.session(LATER), factories.candidacy(Status.READY)
        put(secretary, held, dossier)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.queue) == (Status.COMMISSION, Queue.SECRETARIAT)
        assert local(dossier.due_at) == "2026-12-09 23:59:59"
        event = CandidacyEvent.objects.get(candidacy=dossier)
        assert (event.event, event.rule, event.facts["held_on"]) == (Event.SCHEDULE, "STO-58", "2026-12-09")

    def test_in_the_order_of_the_page(self, secretary):
        scenes.members()
        held = scenes.session(LATER)
        first, second, third = (factories.candidacy(Status.READY) for _ in range(3))
        put(secretary, held, second, first)
        put(secretary, held, third, seen=1)
        items = AgendaItem.objects.filter(session=held).order_by("position")
        assert [item.candidacy_id for item in items] == [second.pk, first.pk, third.pk]

    def test_all_or_none(self, secretary):
        scenes.members()
        held, ready = scenes.session(LATER), factories.candidacy(Status.READY)
        with pytest.raises(TransitionRefusedError):
            put(secretary, held, ready, factories.candidacy(Status.ASSESSMENT))
        ready.refresh_from_db()
        assert (ready.status, AgendaItem.objects.count()) == (Status.READY, 0)

    def test_s33_a_dossier_that_a_link_shuts_is_not_there(self, secretary):
        scenes.members()
        dossier = factories.candidacy(Status.READY)
        ConflictDeclaration.objects.create(candidacy=dossier, user=secretary, has_link=True, kind="x", at=NOON)
        with pytest.raises(UnknownRowError):
            put(secretary, scenes.session(LATER), dossier)

    def test_sto_58_conflicts_are_computed_and_a_quorum_must_be_possible(self, secretary):
        five, dossier = scenes.members(5), factories.candidacy(Status.READY)
        scenes.tied(five[0], dossier)
        with pytest.raises(WrongValueError, match="too-few"):
            put(secretary, scenes.session(LATER), dossier)

    @pytest.mark.parametrize(
        ("values", "wrong"),
        [
            ({"papers_sent_at": NOON}, "papers: sent"),
            ({"held_on": date(2026, 11, 24)}, "day: over"),
            ({"held_on": date(2026, 12, 1)}, "papers: too-late"),
            ({"state": "held", "closed_at": NOON}, "state: held"),
            ({"state": "cancelled"}, "state: cancelled"),
        ],
    )
    def test_refusals_of_a_session(self, secretary, values, wrong):
        scenes.members()
        held = scenes.session(**{"held_on": LATER, **values})
        with pytest.raises(WrongValueError, match=wrong):
            put(secretary, held, factories.candidacy(Status.READY))

    def test_sto_58_seven_days_before_is_the_last_day(self, secretary):
        scenes.members()
        (item,) = put(secretary, scenes.session(date(2026, 12, 2)), factories.candidacy(Status.READY))
        assert item.candidacy.status == Status.COMMISSION

    def test_nothing_chosen(self, secretary):
        with pytest.raises(WrongValueError, match="none"):
            put(secretary, scenes.session(LATER))

    def test_s34_a_stale_page(self, secretary):
        held = scenes.session(LATER, sequence=4, changed_by=secretary, changed_at=NOON)
        with pytest.raises(ChangedError):
            put(secretary, held, factories.candidacy(Status.READY), seen=3)


class TestMoving:
    def test_the_new_day_is_the_new_term_and_votes_fall(self, secretary):
        nine = scenes.members()
        here, there = scenes.session(), scenes.session(LATER)
        item = scenes.before(here)
        scenes.voted(item, nine[:2], "pour", "pour")
        move(secretary, item, there)
        item.refresh_from_db()
        dossier = item.candidacy
        assert (item.session_id, item.votes.count()) == (there.pk, 0)
        assert (dossier.status, dossier.queue) == (Status.COMMISSION, Queue.SECRETARIAT)
        assert local(dossier.due_at) == "2026-12-09 23:59:59"
        event = dossier.events.get()
        assert (event.event, event.reason) == (Event.HAND_OVER, "Report demandé.")
        for one in (here, there):
            one.refresh_from_db()
            assert one.sequence == 1

    def test_refusals(self, secretary):
        scenes.members()
        here, there = scenes.session(), scenes.session(LATER)
        item = scenes.before(here)
        closed = scenes.session(FAR, papers_sent_at=NOON)
        near = scenes.session(date(2026, 12, 1))
        given = scenes.before(here, opinion="favorable", opinion_at=NOON, recorded_by=secretary, quorum=5)
        for wrong, call in {
            "same": lambda: move(secretary, item, here),
            "missing": lambda: move(secretary, item, there, reason=" "),
            "sent": lambda: move(secretary, item, closed),
            "too-late": lambda: move(secretary, item, near),
            "given": lambda: move(secretary, given, there),
        }.items():
            with pytest.raises(WrongValueError, match=wrong):
                call()
        item.refresh_from_db()
        assert item.session_id == here.pk


class TestCancelling:
    def cancel(self, by, held, to=None, reason="Salle indisponible."):
        return agenda.cancel_session(
            actor=scenes.at_work(by), session_id=held.pk, to=to and to.pk, reason=reason, seen=0, at=NOON
        )

    def test_publishers_are_told_of_the_new_day(self, secretary):
        scenes.members()
        here, there = scenes.session(), scenes.session(LATER)
        item = scenes.before(here)
        self.cancel(secretary, here, there)
        mail = Mail.objects.get(user=item.candidacy.created_by)
        assert mail.template == "dossier_moved"
        assert local(datetime.fromisoformat(mail.facts["due_at"])) == "2026-12-09 23:59:59"

    def test_its_dossiers_go_to_another_session(self, secretary):
        scenes.members()
        here, there = scenes.session(), scenes.session(LATER)
        items = [scenes.before(here), scenes.before(here)]
        made = self.cancel(secretary, here, there)
        assert made.state == "cancelled"
        assert [item.session_id for item in AgendaItem.objects.order_by("position")] == [there.pk, there.pk]
        for item in items:
            item.candidacy.refresh_from_db()
            assert local(item.candidacy.due_at) == "2026-12-09 23:59:59"

    def test_sto_18_by_a_secretary_with_a_link_to_one_publisher(self, secretary):
        scenes.members()
        here, there = scenes.session(), scenes.session(LATER)
        shut, other = scenes.before(here), scenes.before(here)
        ConflictDeclaration.objects.create(candidacy=shut.candidacy, user=secretary, has_link=True, kind="x", at=NOON)
        assert self.cancel(secretary, here, there).state == "cancelled"
        assert set(there.items.all()) == {shut, other}
        with pytest.raises(UnknownRowError):
            move(secretary, shut, scenes.session(FAR), seen=1)

    def test_an_empty_one_needs_no_other(self, secretary):
        assert self.cancel(secretary, scenes.session(LATER)).state == "cancelled"

    def test_refusals(self, secretary):
        here = scenes.session()
        scenes.before(here)
        with pytest.raises(WrongValueError, match="to: missing"):
            self.cancel(secretary, here)
        begun = scenes.session(LATER)
        scenes.before(begun, opinion="favorable", opinion_at=NOON, recorded_by=secretary, quorum=5)
        with pytest.raises(WrongValueError, match="given"):
            self.cancel(secretary, begun)


def test_sto_18_an_item_of_a_linked_publisher_is_not_found():
    member = factories.seat(0, user=scenes.person(StaffRole.MEMBER))
    item = scenes.before(scenes.session(TODAY))
    assert agenda.item_for(scenes.at_work(member.user), item_id=item.pk) == item
    scenes.tied(member, item.candidacy)
    with pytest.raises(UnknownRowError):
        agenda.item_for(scenes.at_work(member.user), item_id=item.pk)
