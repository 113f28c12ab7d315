"""Terms and dates of referenced services, weekly checks (STO-70 to STO-80, store.md 7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.store import due
from apps.store.jobs import surveying, weekly
from apps.store.models import CandidacyStep, Listing, Mail, Reservation
from apps.store.services import declaring, suspending, warning
from apps.store.services.deciding import Reasons
from apps.store.states import ListingStatus as S
from apps.store.states import Queue
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.surveillance import world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WHY = Reasons(ground="arrete-2023-11-20", facts="Fuite de données.", signatory="Le guichet")


def waiting(status: S, *, due_at=NOON + 10 * DAY, **values) -> Listing:
    return world.listing(status, queue=Queue.PUBLISHER, due_at=due_at, waits_since=NOON - DAY, **values)


def after(listing: Listing, at=NOON) -> tuple[str, str]:
    surveying.survey(at=at)
    listing.refresh_from_db()
    return listing.status, listing.queue


class TestDates:
    def test_sto_70_the_declaration_is_asked_for_sixty_days_before(self):
        listing = world.listing(declared_on=date(2026, 1, 25))
        assert after(listing, NOON) == (S.PUBLISHED, "")  # 61 days before 25 January 2027
        assert after(listing, NOON + DAY) == (S.DECLARATION_DUE, Queue.PUBLISHER)
        assert listing.due_at.isoformat() == "2027-02-24T22:59:59+00:00"

    def test_sto_70_asked_for_late_it_leaves_thirty_days(self):
        listing = world.listing(declared_on=date(2025, 8, 1))
        assert after(listing) == (S.DECLARATION_DUE, Queue.PUBLISHER)
        assert listing.due_at.isoformat() == "2026-12-25T22:59:59+00:00"

    def test_sto_71_thirty_days_late_is_a_formal_notice(self):
        listing = waiting(S.DECLARATION_DUE)
        assert after(listing, listing.due_at) == (S.DECLARATION_DUE, Queue.PUBLISHER)
        assert after(listing, listing.due_at + timedelta(seconds=1)) == (S.FORMAL_NOTICE, Queue.PUBLISHER)

    def test_sto_75_a_notice_that_runs_out_suspends(self):
        listing = waiting(S.FORMAL_NOTICE)
        assert after(listing, listing.due_at + timedelta(seconds=1)) == (S.SUSPENDED, Queue.DELEGATE)
        assert Mail.objects.filter(template="service_timeout").count() == 1

    def test_a_late_assessor_suspends_nobody(self):
        listing = waiting(S.FORMAL_NOTICE)
        Listing.objects.update(queue=Queue.ASSESSOR)
        assert after(listing, NOON + 300 * DAY) == (S.FORMAL_NOTICE, Queue.ASSESSOR)

    def test_sto_79_a_withdrawal_takes_effect_on_its_day(self):
        listing = world.listing(S.LEAVING, effect_on=date(2026, 11, 26))
        assert after(listing) == (S.LEAVING, "")
        assert after(listing, NOON + DAY) == (S.WITHDRAWN, "")
        assert listing.ended_at == NOON + DAY

    def test_sto_79_a_suspension_does_not_put_the_day_off(self):
        day = date(2026, 11, 26)
        waits = {"queue": Queue.DELEGATE, "due_at": NOON + 10 * DAY, "waits_since": NOON}
        listing = world.listing(S.SUSPENDED, effect_on=day, **waits)
        assert after(listing) == (S.SUSPENDED, Queue.DELEGATE)
        assert after(listing, NOON + DAY) == (S.WITHDRAWN, "")

    def test_sto_80_the_end_of_the_agreement_then_thirty_days(self):
        listing = world.listing(agreement_ends_on=date(2026, 11, 25), declared_on=date(2026, 11, 1))
        assert after(listing) == (S.PUBLISHED, "")
        assert after(listing, NOON + DAY) == (S.EXPIRED, "")
        assert after(listing, NOON + 29 * DAY) == (S.EXPIRED, "")
        assert after(listing, NOON + 30 * DAY) == (S.WITHDRAWN, "")

    @pytest.mark.parametrize("status", [S.DECLARATION_DUE, S.AUDIT, S.FORMAL_NOTICE, S.SUSPENDED])
    def test_sto_80_no_agreement_no_use_whatever_else_runs(self, status):
        listing = waiting(status, agreement_ends_on=date(2026, 11, 25), declared_on=date(2026, 11, 1))
        assert after(listing) == (status, Queue.PUBLISHER)
        assert after(listing, NOON + DAY) == (S.EXPIRED, "")

    def test_sto_80_the_publisher_is_told_ninety_and_thirty_days_before(self):
        listing = world.listing(agreement_ends_on=date(2027, 3, 31), declared_on=date(2026, 11, 1))
        for hours in range(0, 126 * 24, 24):
            surveying.survey(at=NOON + timedelta(hours=hours))
        mails = Mail.objects.filter(template="agreement_ending", user=listing.publisher.members.get().user)
        assert list(mails.order_by("id").values_list("facts__days", flat=True)) == [90, 30]

    def test_sto_76_a_precaution_that_nobody_decides_ends_by_itself(self, desk):
        listing = world.listing()
        suspending.suspend_as_precaution(actor=desk, listing_id=listing.id, reasons=WHY, seen=0, at=NOON)
        listing.refresh_from_db()
        end = listing.precaution_until
        assert after(listing, end) == (S.SUSPENDED, Queue.DELEGATE)
        assert after(listing, end + timedelta(seconds=1)) == (S.PUBLISHED, Queue.DESK)
        assert (listing.reasons, listing.precaution_until) == (["precaution-ended"], None)

    def test_sto_76_maintained_and_sent_back_it_keeps_its_end(self, desk, claire, denis):
        listing = world.listing()
        given = {"listing_id": listing.id, "at": NOON}
        suspending.suspend_as_precaution(actor=desk, reasons=WHY, seen=0, **given)
        listing.refresh_from_db()
        end = listing.precaution_until
        suspending.maintain(actor=claire, reasons=WHY, seen=1, **given)
        assert after(listing, end + DAY) == (S.SUSPENDED, Queue.CONFIRMER)
        suspending.return_suspension(actor=denis, reason="Non.", seen=2, **given)
        assert after(listing, end) == (S.SUSPENDED, Queue.DELEGATE)
        assert after(listing, end + timedelta(seconds=1)) == (S.PUBLISHED, Queue.DESK)

    def test_sto_77_a_confirmed_suspension_does_not_end_by_itself(self, desk, claire, denis):
        listing = world.listing()
        given = {"listing_id": listing.id, "at": NOON}
        suspending.suspend_as_precaution(actor=desk, reasons=WHY, seen=0, **given)
        suspending.maintain(actor=claire, reasons=WHY, seen=1, **given)
        suspending.confirm_suspension(actor=denis, seen=2, **given)
        assert after(listing, NOON + 300 * DAY) == (S.SUSPENDED, Queue.PUBLISHER)

    def test_sto_74_a_certificate_that_has_ended_comes_before_the_desk(self):
        listing = world.listing()
        factories.evidence(listing.candidacy, criteria=["CRI-URB-01"], valid_until=date(2026, 11, 25))
        assert after(listing) == (S.PUBLISHED, "")
        assert after(listing, NOON + DAY) == (S.PUBLISHED, Queue.DESK)
        assert listing.reasons == ["certificate-ended"]

    def test_sto_74_a_valid_certificate_beside_the_old_one_is_enough(self):
        listing = world.listing()
        for ends in (date(2026, 11, 25), date(2027, 11, 25)):
            factories.evidence(listing.candidacy, criteria=["CRI-URB-01"], valid_until=ends)
        assert after(listing, NOON + DAY) == (S.PUBLISHED, "")

    def test_sto_74_what_the_desk_has_closed_is_not_told_again(self, desk):
        listing = world.listing()
        factories.evidence(
            listing.candidacy, criteria=["CRI-URB-01"], valid_until=date(2026, 11, 25), added_at=NOON - 90 * DAY
        )
        assert after(listing, NOON + DAY) == (S.PUBLISHED, Queue.DESK)
        warning.dismiss(actor=desk, listing_id=listing.id, reason="Autre hébergeur.", seen=1, at=NOON + DAY)
        assert after(listing, NOON + 2 * DAY) == (S.PUBLISHED, "")
        factories.evidence(listing.candidacy, criteria=["CRI-DM-02"], valid_until=date(2026, 11, 27))
        assert after(listing, NOON + 3 * DAY) == (S.PUBLISHED, Queue.DESK)

    def test_sto_74_ended_during_a_notice_it_waits_until_the_service_rests(self, assessor):
        listing = waiting(S.FORMAL_NOTICE)
        factories.evidence(listing.candidacy, criteria=["CRI-URB-01"], valid_until=date(2026, 11, 25))
        assert after(listing, NOON + DAY) == (S.FORMAL_NOTICE, Queue.PUBLISHER)
        assert listing.reasons == ["certificate-ended"]
        surveying.survey(at=NOON + DAY)
        warning.accept_remedy(actor=assessor, listing_id=listing.id, reason="Fait.", seen=1, at=NOON + DAY)
        listing.refresh_from_db()
        assert (listing.queue, listing.reasons) == (Queue.DESK, ["certificate-ended"])

    def test_sto_41_a_reservation_whose_day_has_passed_comes_before_the_desk_once(self):
        listing = world.listing()
        shared = {"candidacy": listing.candidacy, "text": "Publier la déclaration.", "made_at": NOON - 40 * DAY}
        Reservation.objects.create(**shared, is_suspensive=False, due_on=date(2026, 11, 25))
        assert after(listing) == (S.PUBLISHED, "")
        assert after(listing, NOON + DAY) == (S.PUBLISHED, Queue.DESK)
        assert listing.reasons == ["reservation-late"]
        Listing.objects.update(queue="", due_at=None, waits_since=None)  # the desk leaves it at that
        assert after(listing, NOON + 2 * DAY) == (S.PUBLISHED, "")

    def test_sto_41_not_one_that_was_lifted(self):
        listing, who = world.listing(), factories.reviewer()
        Reservation.objects.create(
            candidacy=listing.candidacy, text="x", made_at=NOON, is_suspensive=False, due_on=date(2026, 11, 1),
            answered_by=listing.candidacy.created_by, answered_at=NOON, lifted_by=who, lifted_at=NOON,
        )  # fmt: skip
        assert after(listing) == (S.PUBLISHED, "")

    def test_twice_is_once(self):
        listing = waiting(S.FORMAL_NOTICE)
        at = listing.due_at + DAY
        assert surveying.survey(at=at)["suspended"] == 1
        assert surveying.survey(at=at)["suspended"] == 0
        assert listing.events.count() == 1


class TestReminders:
    def test_fifteen_five_and_one_day_before_once_each(self):
        listing = waiting(S.FORMAL_NOTICE, due_at=NOON + 20 * DAY)
        for hours in range(0, 20 * 24, 6):
            surveying.survey(at=NOON + timedelta(hours=hours))
        days = Mail.objects.filter(template="reminder").order_by("id").values_list("facts__days", flat=True)
        assert list(days) == [15, 5, 1]
        assert listing.events.count() == 0


class TestWeekly:
    def test_each_service_has_its_morning(self):
        monday = due.next_checks(0, after=NOON)
        assert monday.isoformat() == "2026-11-30T03:00:00+01:00"
        assert due.next_checks(2, after=NOON).date() == date(2026, 12, 2)  # NOON is a Wednesday, past three

    def test_a_round_is_planned_once_a_week(self):
        listing = world.listing(wakes_at=NOON)
        factories.answered(listing.candidacy)
        assert weekly.plan_weekly(at=NOON) == [listing.candidacy_id]
        assert weekly.plan_weekly(at=NOON) == []
        steps = CandidacyStep.objects.filter(candidacy=listing.candidacy)
        assert set(steps.values_list("cause", "state", "round")) == {("weekly", "due", 1)}
        listing.refresh_from_db()
        assert listing.wakes_at == due.next_checks(0, after=NOON)

    def test_a_failure_waits_for_a_human_and_changes_nothing_for_users(self):
        listing = world.listing(wakes_at=NOON)
        self.finished(listing, "fail")
        assert weekly.conclude_weekly(candidacy_id=listing.candidacy_id, at=NOON) is True
        listing.refresh_from_db()
        assert (listing.status, listing.queue, listing.reasons) == (S.PUBLISHED, Queue.DESK, ["check-failed"])
        assert listing.controlled_on == NOON.date()
        assert weekly.conclude_weekly(candidacy_id=listing.candidacy_id, at=NOON) is False

    def test_rv_05_what_people_made_of_a_result_counts(self):
        listing, other = world.listing(), world.listing()
        for one, outcome, override in ((listing, "flag", "fail"), (other, "fail", "pass")):
            CandidacyStep.objects.filter(pk=self.finished(one, outcome).pk).update(override=override)
            weekly.conclude_weekly(candidacy_id=one.candidacy_id, at=NOON)
            one.refresh_from_db()
        assert (listing.queue, other.queue) == (Queue.DESK, "")

    def test_all_right_only_the_day_is_kept(self):
        listing = world.listing(wakes_at=NOON)
        self.finished(listing, "pass")
        weekly.conclude_weekly(candidacy_id=listing.candidacy_id, at=NOON)
        listing.refresh_from_db()
        assert (listing.queue, listing.controlled_on) == ("", NOON.date())

    def test_sto_84_a_round_in_which_a_check_could_not_answer_moves_no_day(self):
        listing = world.listing(wakes_at=NOON)
        before = listing.controlled_on
        self.finished(listing, "error")
        assert weekly.conclude_weekly(candidacy_id=listing.candidacy_id, at=NOON) is True
        listing.refresh_from_db()
        assert (listing.controlled_on, listing.queue) == (before, "")
        assert weekly.forgotten() == []

    def test_sto_84_a_round_asked_for_by_the_desk_counts_as_well(self):
        listing = world.listing(wakes_at=NOON)
        self.finished(listing, "skipped", reason="newer-round")
        self.finished(listing, "fail", round=2, cause="change")
        assert weekly.conclude_weekly(candidacy_id=listing.candidacy_id, at=NOON) is True
        listing.refresh_from_db()
        assert (listing.queue, listing.controlled_on, listing.checked_round) == (Queue.DESK, NOON.date(), 2)

    def test_sto_74_a_failure_during_a_declaration_is_kept_until_the_service_rests(self):
        listing = waiting(S.DECLARATION_DUE)
        self.finished(listing, "fail")
        weekly.conclude_weekly(candidacy_id=listing.candidacy_id, at=NOON)
        listing.refresh_from_db()
        assert (listing.queue, listing.reasons) == (Queue.PUBLISHER, ["check-failed"])
        owner = factories.as_publisher(listing.publisher.members.get())
        declaring.declare(actor=owner, listing_id=listing.id, text="", seen=1, at=NOON)
        listing.refresh_from_db()
        assert (listing.status, listing.queue, listing.reasons) == (S.PUBLISHED, Queue.DESK, ["check-failed"])

    def test_sto_74_cured_before_the_desk_had_its_turn_nothing_waits(self):
        listing = waiting(S.DECLARATION_DUE)
        for number, outcome in ((1, "fail"), (2, "pass")):
            self.finished(listing, outcome, round=number)
            weekly.conclude_weekly(candidacy_id=listing.candidacy_id, at=NOON)
        listing.refresh_from_db()
        assert (listing.queue, listing.reasons) == (Queue.PUBLISHER, [])

    def test_a_result_that_a_person_found_wrong_waits_for_the_desk(self):
        listing = world.listing()
        self.finished(listing, "flag", override="fail", override_reason="Vu.")
        weekly.conclude_weekly(candidacy_id=listing.candidacy_id, at=NOON)
        listing.refresh_from_db()
        assert listing.queue == Queue.DESK

    def test_what_runs_is_not_concluded_and_what_was_forgotten_is_found(self):
        listing = world.listing(wakes_at=NOON)
        step = self.finished(listing, "pass")
        assert weekly.forgotten() == [listing.candidacy_id]
        step.state, step.outcome, step.finished_at, step.leased_until = "running", "", None, NOON
        step.save()
        assert weekly.conclude_weekly(candidacy_id=listing.candidacy_id, at=NOON) is False
        assert weekly.forgotten() == []

    def finished(self, listing: Listing, outcome: str, **values) -> CandidacyStep:
        about = {"kind": "tls", "target": "h", "round": 1, "cause": "weekly", "asked_at": NOON, "due_at": NOON}
        done = {"state": "done", "outcome": outcome, "finished_at": NOON}
        return CandidacyStep.objects.create(candidacy=listing.candidacy, **{**about, **done, **values})


def test_nothing_due_costs_the_same_for_one_and_for_twenty():
    world.listing(declared_on=NOON.date())
    with CaptureQueriesContext(connection) as for_one:
        surveying.survey(at=NOON)
    for _ in range(19):
        world.listing(declared_on=NOON.date())
    with CaptureQueriesContext(connection) as for_twenty:
        surveying.survey(at=NOON)
    assert len(for_one) == len(for_twenty) == 13
