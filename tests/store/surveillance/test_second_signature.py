"""A withdrawal that one delegate proposes waits for the second one, undisturbed (STO-78, decisions.md 26)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.store.models import Listing
from apps.store.services import declaring, suspending, warning, withdrawing
from apps.store.services.errors import WrongValueError
from apps.store.states import ListingStatus as S
from apps.store.states import Queue
from tests.harness.clock import NOON
from tests.store.surveillance import world
from tests.store.surveillance.scenes import WHY, fresh, owner_of

pytestmark = pytest.mark.django_db


class TestSecondSignature:
    """A proposal is confirmed or sent back; nothing else moves the service meanwhile (decisions.md 26, L3)."""

    DAY = date(2027, 3, 31)

    def proposed(self, claire, listing: Listing, effect_on: date = DAY) -> Listing:
        seen = fresh(listing).sequence
        withdrawing.propose(actor=claire, listing_id=listing.id, reasons=WHY, effect_on=effect_on, seen=seen, at=NOON)
        return fresh(listing)

    def test_sto_78_a_suspension_displaces_the_proposal_for_good(self, claire, denis, desk):
        listing = self.proposed(claire, world.listing())
        suspending.suspend_as_precaution(actor=desk, listing_id=listing.id, reasons=WHY, seen=1, at=NOON)
        suspending.maintain(actor=claire, listing_id=listing.id, reasons=WHY, seen=2, at=NOON)
        with pytest.raises(WrongValueError):
            withdrawing.confirm(actor=denis, listing_id=listing.id, seen=3, at=NOON)
        suspending.confirm_suspension(actor=denis, listing_id=listing.id, seen=3, at=NOON)
        assert (fresh(listing).status, listing.queue) == (S.SUSPENDED, Queue.PUBLISHER)

    def test_sto_78_other_acts_wait_for_the_second_signature(self, claire, desk, assessor):
        listing = self.proposed(claire, world.listing())
        given = {"listing_id": listing.id, "seen": 1, "at": NOON}
        for act in (
            lambda: warning.give_notice(actor=desk, reasons=WHY, until=date(2027, 1, 31), **given),
            lambda: warning.start_audit(actor=assessor, plan="Plan.", **given),
            lambda: withdrawing.propose(actor=claire, reasons=WHY, effect_on=self.DAY, **given),
            lambda: withdrawing.leave(actor=owner_of(listing), effect_on=self.DAY, reason="", **given),
        ):
            with pytest.raises(WrongValueError):
                act()
        assert (fresh(listing).status, listing.queue, listing.sequence) == (S.PUBLISHED, Queue.CONFIRMER, 1)

    def test_sto_78_a_day_that_is_over_is_not_confirmed(self, claire, denis):
        listing = self.proposed(claire, world.listing(), date(2026, 11, 26))
        with pytest.raises(WrongValueError):
            withdrawing.confirm(actor=denis, listing_id=listing.id, seen=1, at=NOON + timedelta(days=2))

    def test_sto_78_sent_back_the_interrupted_turn_goes_on(self, claire, denis, desk):
        listing = world.listing()
        until = date(2026, 12, 10)
        warning.give_notice(actor=desk, listing_id=listing.id, reasons=WHY, until=until, seen=0, at=NOON)
        declaring.hand_in(actor=owner_of(listing), listing_id=listing.id, text="Fait.", seen=1, at=NOON)
        due_at = fresh(listing).due_at
        self.proposed(claire, listing)
        withdrawing.send_back(actor=denis, listing_id=listing.id, reason="Non.", seen=3, at=NOON)
        assert (fresh(listing).queue, listing.due_at, listing.reasons) == (Queue.ASSESSOR, due_at, ["answer-received"])

    def test_sto_36_sent_back_a_notice_keeps_its_day(self, claire, denis, desk):
        listing = world.listing()
        until = date(2026, 12, 10)
        warning.give_notice(actor=desk, listing_id=listing.id, reasons=WHY, until=until, seen=0, at=NOON)
        self.proposed(claire, listing)
        withdrawing.send_back(actor=denis, listing_id=listing.id, reason="Non.", seen=2, at=NOON)
        assert (fresh(listing).queue, listing.due_at.date()) == (Queue.PUBLISHER, until)

    def test_sto_36_sent_back_after_its_day_the_publisher_has_until_tomorrow(self, claire, denis, desk):
        listing = world.listing()
        until = date(2026, 11, 26)
        warning.give_notice(actor=desk, listing_id=listing.id, reasons=WHY, until=until, seen=0, at=NOON)
        self.proposed(claire, listing)
        later = NOON + timedelta(days=5)
        withdrawing.send_back(actor=denis, listing_id=listing.id, reason="Non.", seen=2, at=later)
        assert (fresh(listing).queue, listing.due_at.date()) == (Queue.PUBLISHER, date(2026, 12, 1))

    def test_sto_74_sent_back_an_incident_is_not_forgotten(self, claire, denis):
        listing = world.listing()
        declaring.report_incident(actor=owner_of(listing), listing_id=listing.id, text="Fuite.", seen=0, at=NOON)
        due_at = fresh(listing).due_at
        self.proposed(claire, listing)
        withdrawing.send_back(actor=denis, listing_id=listing.id, reason="Non.", seen=2, at=NOON)
        assert (fresh(listing).queue, listing.due_at, listing.reasons) == (Queue.DESK, due_at, ["incident"])
