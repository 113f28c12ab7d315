"""Sessions: planning, papers, presence, end (STO-58, RV-13)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.audit.services import AuditEvent
from apps.store.jobs import papers
from apps.store.mails import letter_of
from apps.store.models import Mail, Presence, Session, Vote
from apps.store.services import sitting
from apps.store.services.errors import ChangedError, UnknownRowError, WrongValueError
from apps.store.states import Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes
from tests.store.commission.scenes import LATER, TODAY

pytestmark = pytest.mark.django_db


def plan(by, held_on):
    return sitting.plan_session(actor=scenes.at_work(by), held_on=held_on, at=NOON)


class TestPlanning:
    def test_a_working_day_that_leaves_time_for_the_papers(self, secretary):
        made = plan(secretary, date(2026, 12, 2))
        assert (made.state, made.planned_by, made.planned_at) == ("planned", secretary, NOON)
        assert AuditEvent.objects.filter(action="store.session.plan", target=f"session:{made.pk}").count() == 1

    @pytest.mark.parametrize(
        ("held_on", "reason"),
        [
            (date(2026, 12, 1), "too-soon"),
            (date(2026, 12, 5), "no-workday"),
            (date(2026, 12, 25), "no-workday"),
            (LATER, "taken"),
        ],
    )
    def test_sto_82_refused_days(self, secretary, held_on, reason):
        scenes.session(LATER)
        with pytest.raises(WrongValueError) as error:
            plan(secretary, held_on)
        assert (error.value.field, error.value.reason) == ("held_on", reason)
        assert Session.objects.count() == 1

    @pytest.mark.parametrize("role", [StaffRole.MEMBER, StaffRole.DELEGATE, StaffRole.DESK])
    def test_only_the_secretariat(self, role):
        with pytest.raises(AccessDeniedError):
            plan(scenes.person(role), LATER)


class TestPapers:
    def test_sto_58_each_member_is_told_of_what_they_may_read(self, secretary):
        held = scenes.session(date(2026, 12, 2))
        first, second = factories.candidacy(Status.COMMISSION), factories.candidacy(Status.COMMISSION)
        scenes.before(held, first)
        scenes.before(held, second)
        nine = scenes.members()
        scenes.tied(nine[0], first)
        told = sitting.send_papers(actor=scenes.at_work(secretary), session_id=held.pk, seen=0, at=NOON)
        mails = {mail.user_id: mail.facts for mail in Mail.objects.filter(template="session_papers")}
        assert told == len(mails) == 9
        assert mails[nine[0].user_id] == {
            "session": str(held.pk), "count": 1, "due_at": "2026-12-02T23:59:59+01:00"
        }  # fmt: skip
        letter = letter_of(Mail.objects.filter(template="session_papers").select_related("user").first())
        assert "la séance du 2\u00a0décembre 2026" in letter.text
        assert mails[nine[1].user_id]["count"] == 2
        held.refresh_from_db()
        assert (held.papers_sent_at, held.sequence) == (NOON, 1)

    def test_twice_is_once(self):
        held = scenes.session(date(2026, 12, 2))
        scenes.before(held)
        scenes.members(3)
        papers.send_papers(held, at=NOON)
        papers.send_papers(held, at=NOON)
        assert Mail.objects.count() == 3

    @pytest.mark.parametrize(
        ("held_on", "has_items", "sent", "wrong"),
        [
            (date(2026, 12, 3), True, None, ("papers", "too-soon")),
            (date(2026, 12, 2), False, None, ("items", "none")),
            (date(2026, 12, 2), True, NOON, ("papers", "sent")),
            (date(2026, 12, 2), True, None, ("members", "none")),
        ],
    )
    def test_refusals(self, secretary, held_on, has_items, sent, wrong):
        held = scenes.session(held_on, papers_sent_at=sent)
        if has_items:
            scenes.before(held)
        with pytest.raises(WrongValueError) as error:
            sitting.send_papers(actor=scenes.at_work(secretary), session_id=held.pk, seen=0, at=NOON)
        assert (error.value.field, error.value.reason) == wrong
        assert Mail.objects.count() == 0

    def test_sto_58_the_sweep_sends_what_is_due_and_nothing_else(self):
        scenes.members(1)
        due, late = scenes.session(date(2026, 12, 2)), scenes.session(date(2026, 12, 3))
        empty, over = scenes.session(TODAY), scenes.session(TODAY - timedelta(days=1))
        for one in (due, late, over):
            scenes.before(one)
        assert papers.send_due_papers(at=NOON) == 1
        assert papers.send_due_papers(at=NOON) == 0
        sent = Session.objects.filter(papers_sent_at=NOON)
        assert list(sent) == [due]
        assert empty.pk not in sent.values_list("pk", flat=True)


class TestPresence:
    def record(self, by, held, seats, *, seen=0):
        ids = [seat.pk for seat in seats]
        return sitting.record_presence(actor=scenes.at_work(by), session_id=held.pk, member_ids=ids, seen=seen, at=NOON)

    def test_kept_and_corrected(self, secretary):
        held, nine = scenes.session(), scenes.members()
        self.record(secretary, held, nine[:5])
        self.record(secretary, held, nine[3:7], seen=1)
        there = Presence.objects.filter(session=held).values_list("member_id", flat=True)
        assert set(there) == {seat.pk for seat in nine[3:7]}

    def test_a_vote_falls_with_its_member(self, secretary):
        held, nine = scenes.session(), scenes.members()
        item = scenes.before(held)
        scenes.there(held, *nine[:2])
        scenes.voted(item, nine[:2], "pour", "contre")
        self.record(secretary, held, nine[1:2])
        assert [vote.member_id for vote in Vote.objects.all()] == [nine[1].pk]

    def test_nobody_leaves_an_opinion_afterwards(self, secretary):
        held, nine = scenes.session(), scenes.members()
        item = scenes.before(held, opinion="favorable", opinion_at=NOON, recorded_by=secretary, quorum=5)
        scenes.there(held, *nine[:5])
        scenes.voted(item, nine[:5], *["pour"] * 5)
        with pytest.raises(WrongValueError) as error:
            self.record(secretary, held, nine[1:5])
        assert error.value.reason == "has-voted"

    def test_refusals(self, secretary):
        out = factories.seat(0, ends_on=date(2026, 11, 1))
        with pytest.raises(WrongValueError, match="not-in-office"):
            self.record(secretary, scenes.session(), [out])
        with pytest.raises(WrongValueError, match="not-yet"):
            self.record(secretary, scenes.session(LATER), [])
        with pytest.raises(UnknownRowError):
            self.record(secretary, Session(), [])

    def test_s34_a_stale_page_changes_nothing(self, secretary):
        held, nine = scenes.session(), scenes.members()
        other = scenes.person(StaffRole.SECRETARIAT)
        self.record(other, held, nine[:5])
        with pytest.raises(ChangedError) as error:
            self.record(secretary, held, nine)
        assert (error.value.actor, error.value.at) == (str(other.pk), NOON)
        assert Presence.objects.count() == 5


class TestEnd:
    def close(self, by, held):
        return sitting.close_session(actor=scenes.at_work(by), session_id=held.pk, seen=0, at=NOON)

    def test_held_with_its_hour(self, secretary):
        held = scenes.session()
        scenes.before(held, opinion="favorable", opinion_at=NOON, recorded_by=secretary, quorum=5)
        made = self.close(secretary, held)
        assert (made.state, made.closed_at) == ("held", NOON)

    def test_every_dossier_has_its_opinion(self, secretary):
        held = scenes.session()
        scenes.before(held)
        with pytest.raises(WrongValueError, match="open"):
            self.close(secretary, held)

    def test_not_before_its_day_and_not_twice(self, secretary):
        with pytest.raises(WrongValueError, match="not-yet"):
            self.close(secretary, scenes.session(LATER))
        over = scenes.session(state="held", closed_at=NOON)
        with pytest.raises(WrongValueError, match="held"):
            self.close(secretary, over)
