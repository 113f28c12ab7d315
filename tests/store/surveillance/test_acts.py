"""Acts on referenced services: suspension, formal notice, audit, withdrawal (STO-72 to STO-78, decisions.md 26)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.store.jobs import surveying
from apps.store.models import ConflictDeclaration, Decision, Listing, Mail, ReviewerTie
from apps.store.services import declaring, suspending, warning, withdrawing
from apps.store.services.deciding import Reasons
from apps.store.services.errors import (
    ChangedError,
    ConflictOfInterestError,
    SamePersonError,
    UnknownRowError,
    WrongValueError,
)
from apps.store.states import ListingStatus as S
from apps.store.states import Queue, Status
from apps.store.transitions import GuardError, TransitionRefusedError
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.surveillance import world
from tests.store.surveillance.scenes import WHY, fresh, owner_of

pytestmark = pytest.mark.django_db


class TestSuspension:
    def test_sto_76_at_once_by_one_the_notice_with_the_second(self, claire, denis):
        listing = world.listing()
        suspending.suspend(actor=claire, listing_id=listing.id, reasons=WHY, seen=0, at=NOON)
        decision = Decision.objects.get(listing_id=listing.id)
        assert (fresh(listing).status, listing.queue, decision.notified_at) == (S.SUSPENDED, Queue.CONFIRMER, None)

        suspending.confirm_suspension(actor=denis, listing_id=listing.id, seen=1, at=NOON)
        decision.refresh_from_db()
        assert (decision.confirmed_by_id, decision.notified_at, len(decision.sha256)) == (denis.user_id, NOON, 64)
        assert (fresh(listing).status, listing.queue) == (S.SUSPENDED, Queue.PUBLISHER)

    def test_sto_76_a_service_that_leaves_is_suspended_and_keeps_its_day(self, desk, claire):
        day = date(2027, 2, 1)
        listing = world.listing(S.LEAVING, effect_on=day)
        suspending.suspend_as_precaution(actor=desk, listing_id=listing.id, reasons=WHY, seen=0, at=NOON)
        assert (fresh(listing).status, listing.effect_on) == (S.SUSPENDED, day)
        suspending.restore(actor=claire, listing_id=listing.id, reasons=WHY, seen=1, at=NOON)
        assert (fresh(listing).status, listing.queue, listing.effect_on) == (S.LEAVING, "", day)

    def test_nobody_confirms_their_own(self, claire):
        listing = world.listing()
        suspending.suspend(actor=claire, listing_id=listing.id, reasons=WHY, seen=0, at=NOON)
        with pytest.raises(SamePersonError):
            suspending.confirm_suspension(actor=claire, listing_id=listing.id, seen=1, at=NOON)

    def test_sent_back_with_a_reason_it_is_decided_again(self, claire, denis):
        listing = world.listing()
        suspending.suspend(actor=claire, listing_id=listing.id, reasons=WHY, seen=0, at=NOON)
        suspending.return_suspension(actor=denis, listing_id=listing.id, reason="Preuve reçue.", seen=1, at=NOON)
        assert (fresh(listing).queue, listing.reasons) == (Queue.DELEGATE, ["returned"])
        suspending.restore(actor=claire, listing_id=listing.id, reasons=WHY, seen=2, at=NOON)
        assert (fresh(listing).status, listing.queue) == (S.PUBLISHED, "")

    def test_the_desk_suspends_for_fifteen_days_as_a_precaution(self, desk, claire, denis):
        listing = world.listing()
        suspending.suspend_as_precaution(actor=desk, listing_id=listing.id, reasons=WHY, seen=0, at=NOON)
        assert (fresh(listing).status, listing.queue) == (S.SUSPENDED, Queue.DELEGATE)
        assert listing.due_at == listing.precaution_until
        assert listing.due_at.date() == date(2026, 12, 10)
        suspending.maintain(actor=claire, listing_id=listing.id, reasons=WHY, seen=1, at=NOON)
        suspending.confirm_suspension(actor=denis, listing_id=listing.id, seen=2, at=NOON)
        kinds = list(Decision.objects.filter(listing_id=listing.id).order_by("id").values_list("kind", flat=True))
        assert kinds == ["precaution", "suspend"]

    @pytest.mark.parametrize("field", ["ground", "facts", "signatory"])
    def test_sto_11_no_suspension_without_reasons(self, claire, field):
        listing = world.listing()
        given = {"ground": "x", "facts": "x", "signatory": "x", field: " "}
        with pytest.raises(WrongValueError):
            suspending.suspend(actor=claire, listing_id=listing.id, reasons=Reasons(**given), seen=0, at=NOON)
        assert fresh(listing).status == S.PUBLISHED

    def test_a_stale_page_changes_nothing_and_says_who(self, claire, denis):
        listing = world.listing()
        suspending.suspend(actor=claire, listing_id=listing.id, reasons=WHY, seen=0, at=NOON)
        with pytest.raises(ChangedError) as refused:
            suspending.suspend(actor=denis, listing_id=listing.id, reasons=WHY, seen=0, at=NOON)
        assert (refused.value.actor, refused.value.event, refused.value.at) == (str(claire.user_id), "suspend", NOON)
        assert Decision.objects.filter(listing_id=listing.id).count() == 1

    def test_sto_18_nobody_acts_before_they_have_declared_no_link(self, claire):
        listing = factories.listing()
        with pytest.raises(ConflictOfInterestError):
            suspending.suspend(actor=claire, listing_id=listing.id, reasons=WHY, seen=0, at=NOON)
        assert fresh(listing).status == S.PUBLISHED

    def test_sto_18_a_link_declared_about_another_dossier_of_the_publisher_counts(self, claire):
        listing = world.listing()
        other = factories.candidacy(Status.ASSESSMENT, by=listing.publisher.members.get())
        ConflictDeclaration.objects.create(
            candidacy=other, user_id=claire.user_id, has_link=True, kind="Associée", at=NOON
        )
        with pytest.raises(UnknownRowError):
            suspending.suspend(actor=claire, listing_id=listing.id, reasons=WHY, seen=0, at=NOON)

    def test_other_roles_may_not(self, assessor, desk):
        listing = world.listing()
        for actor in (assessor, desk):
            with pytest.raises(AccessDeniedError):
                suspending.suspend(actor=actor, listing_id=listing.id, reasons=WHY, seen=0, at=NOON)


class TestNotice:
    def test_sto_74_a_failed_check_becomes_a_formal_notice_with_its_day(self, desk):
        listing = world.listing()
        until = date(2027, 1, 31)
        warning.give_notice(actor=desk, listing_id=listing.id, reasons=WHY, until=until, seen=0, at=NOON)
        assert (fresh(listing).status, listing.queue) == (S.FORMAL_NOTICE, Queue.PUBLISHER)
        assert listing.due_at.isoformat() == "2027-01-31T22:59:59+00:00"
        assert Decision.objects.get(listing_id=listing.id).notified_at == NOON

    @pytest.mark.parametrize("until", [date(2026, 11, 25), date(2027, 5, 26)])
    def test_sto_36_the_day_is_ahead_and_six_months_away_at_most(self, desk, until):
        listing = world.listing()
        with pytest.raises(WrongValueError):
            warning.give_notice(actor=desk, listing_id=listing.id, reasons=WHY, until=until, seen=0, at=NOON)
        assert (fresh(listing).status, Decision.objects.filter(listing_id=listing.id).count()) == (S.PUBLISHED, 0)

    def test_sto_75_the_publisher_answers_an_assessor_looks(self, desk, assessor):
        listing = world.listing()
        until = date(2027, 1, 31)
        warning.give_notice(actor=desk, listing_id=listing.id, reasons=WHY, until=until, seen=0, at=NOON)
        publisher = owner_of(listing)
        declaring.hand_in(actor=publisher, listing_id=listing.id, text="Certificat joint.", seen=1, at=NOON)
        assert fresh(listing).queue == Queue.ASSESSOR
        warning.refuse_remedy(actor=assessor, listing_id=listing.id, reason="Périmètre ?", seen=2, at=NOON)
        assert (fresh(listing).queue, listing.due_at.date()) == (Queue.PUBLISHER, until)
        declaring.hand_in(actor=publisher, listing_id=listing.id, text="Le voici.", seen=3, at=NOON)
        warning.accept_remedy(actor=assessor, listing_id=listing.id, reason="Conforme.", seen=4, at=NOON)
        assert (fresh(listing).status, listing.queue, listing.due_at) == (S.PUBLISHED, "", None)

    def test_an_incident_goes_to_the_desk_which_may_close_it(self, desk):
        listing, linked = world.listing(), factories.reviewer(StaffRole.DESK)
        ReviewerTie.objects.create(user=linked, siren=listing.publisher.siren, kind="salarié", since=date(2024, 1, 1))
        declaring.report_incident(actor=owner_of(listing), listing_id=listing.id, text="Fuite.", seen=0, at=NOON)
        assert (fresh(listing).queue, listing.reasons) == (Queue.DESK, ["incident"])
        assert Mail.objects.filter(template="review_turn", user_id=desk.user_id).count() == 1
        assert not Mail.objects.filter(user=linked).exists(), "sto_18"
        warning.dismiss(actor=desk, listing_id=listing.id, reason="Sans effet pour les usagers.", seen=1, at=NOON)
        assert (fresh(listing).status, listing.queue) == (S.PUBLISHED, "")

    @pytest.mark.parametrize("status", [S.DECLARATION_DUE, S.AUDIT, S.FORMAL_NOTICE, S.SUSPENDED, S.LEAVING])
    def test_sto_76_an_incident_is_told_in_every_state_and_moves_no_turn(self, desk, status):
        waits = {} if status is S.LEAVING else {"queue": Queue.PUBLISHER, "due_at": NOON, "waits_since": NOON}
        listing = world.listing(status, effect_on=date(2027, 2, 1), **waits)
        before = (listing.status, listing.queue, listing.due_at)
        declaring.report_incident(actor=owner_of(listing), listing_id=listing.id, text="Fuite.", seen=0, at=NOON)
        assert (fresh(listing).status, listing.queue, listing.due_at) == before
        assert (listing.reasons, listing.events.get().reason) == (["incident"], "Fuite.")
        assert set(Mail.objects.values_list("template", flat=True)) == {"review_turn"}
        assert Mail.objects.filter(user_id=desk.user_id).count() == 1
        warning.dismiss(actor=desk, listing_id=listing.id, reason="Sans effet.", seen=1, at=NOON)
        assert (fresh(listing).status, listing.queue, listing.reasons) == (before[0], before[1], [])

    def test_sto_76_the_incident_waits_for_the_desk_once_the_service_rests(self, assessor):
        waits = {"queue": Queue.ASSESSOR, "due_at": NOON, "waits_since": NOON}
        listing = world.listing(S.FORMAL_NOTICE, **waits)
        declaring.report_incident(actor=owner_of(listing), listing_id=listing.id, text="Fuite.", seen=0, at=NOON)
        warning.accept_remedy(actor=assessor, listing_id=listing.id, reason="Conforme.", seen=1, at=NOON)
        assert (fresh(listing).status, listing.queue, listing.reasons) == (S.PUBLISHED, Queue.DESK, ["incident"])

    def test_sto_76_an_incident_takes_no_turn_from_the_second_delegate(self, claire, denis):
        listing = world.listing()
        day = date(2027, 3, 31)
        withdrawing.propose(actor=claire, listing_id=listing.id, reasons=WHY, effect_on=day, seen=0, at=NOON)
        declaring.report_incident(actor=owner_of(listing), listing_id=listing.id, text="Fuite.", seen=1, at=NOON)
        assert (fresh(listing).queue, listing.reasons) == (Queue.CONFIRMER, ["withdrawal-proposed", "incident"])
        withdrawing.send_back(actor=denis, listing_id=listing.id, reason="Non.", seen=2, at=NOON)
        assert (fresh(listing).queue, listing.reasons) == (Queue.DESK, ["incident"])

    def test_sto_76_a_second_incident_adds_to_the_first_and_moves_no_date(self):
        listing = world.listing(queue=Queue.DESK, due_at=NOON, waits_since=NOON, reasons=["check-failed"])
        declaring.report_incident(actor=owner_of(listing), listing_id=listing.id, text="Fuite.", seen=0, at=NOON)
        assert (fresh(listing).due_at, listing.queue) == (NOON, Queue.DESK)
        assert set(listing.reasons) == {"check-failed", "incident"}

    @pytest.mark.parametrize("status", [S.WITHDRAWN, S.EXPIRED])
    def test_nothing_is_reported_once_it_has_left(self, status):
        listing = world.listing(status, ended_at=NOON)
        with pytest.raises(WrongValueError):
            declaring.report_incident(actor=owner_of(listing), listing_id=listing.id, text="Fuite.", seen=0, at=NOON)

    def test_nothing_to_close_nothing_closed(self, desk):
        listing = world.listing()
        with pytest.raises(WrongValueError):
            warning.dismiss(actor=desk, listing_id=listing.id, reason="Rien.", seen=0, at=NOON)


class TestAudit:
    def test_sto_72_plan_one_month_answer_end(self, assessor):
        listing = world.listing()
        warning.start_audit(actor=assessor, listing_id=listing.id, plan="Périmètre : sécurité.", seen=0, at=NOON)
        assert (fresh(listing).status, listing.queue, listing.due_at.date()) == (
            S.AUDIT, Queue.PUBLISHER, date(2026, 12, 25),
        )  # fmt: skip
        declaring.hand_in(actor=owner_of(listing), listing_id=listing.id, text="Rapport déposé.", seen=1, at=NOON)
        warning.end_audit(actor=assessor, listing_id=listing.id, report="Conforme.", seen=2, at=NOON)
        assert fresh(listing).status == S.PUBLISHED

    UNTIL = date(2027, 3, 1)

    @pytest.fixture
    def audited(self, assessor) -> Listing:
        """The publisher has deposited what the plan asks for."""
        listing = world.listing()
        warning.start_audit(actor=assessor, listing_id=listing.id, plan="Plan.", seen=0, at=NOON)
        declaring.hand_in(actor=owner_of(listing), listing_id=listing.id, text="Rapport.", seen=1, at=NOON)
        return fresh(listing)

    def find(self, assessor, listing: Listing, at=NOON) -> None:
        seen = fresh(listing).sequence
        warning.find_anomalies(actor=assessor, listing_id=listing.id, reasons=WHY, until=self.UNTIL, seen=seen, at=at)

    def send(self, assessor, listing: Listing) -> None:
        warning.send_findings(actor=assessor, listing_id=listing.id, findings="Journal absent.", seen=2, at=NOON)

    def test_sto_73_anomalies_that_were_answered_are_a_formal_notice(self, assessor, audited):
        with pytest.raises(GuardError, match="findings-missing"):
            self.find(assessor, audited)
        self.send(assessor, audited)
        assert (fresh(audited).queue, audited.due_at.date()) == (Queue.PUBLISHER, date(2026, 12, 10))
        with pytest.raises(GuardError, match="term-runs"):
            self.find(assessor, audited)
        declaring.hand_in(actor=owner_of(audited), listing_id=audited.id, text="Le voici.", seen=3, at=NOON)
        self.find(assessor, audited)
        assert (fresh(audited).status, audited.due_at.date()) == (S.FORMAL_NOTICE, self.UNTIL)

    def test_sto_73_fifteen_days_of_silence_are_enough(self, assessor, audited):
        self.send(assessor, audited)
        self.find(assessor, audited, NOON + timedelta(days=16))
        assert fresh(audited).status == S.FORMAL_NOTICE

    def test_sto_73_the_findings_of_a_former_audit_do_not_count(self, assessor, audited):
        self.send(assessor, audited)
        given = {"actor": assessor, "listing_id": audited.id, "at": NOON}
        warning.end_audit(report="Conforme.", seen=3, **given)
        warning.start_audit(plan="Plan.", seen=4, **given)
        with pytest.raises(GuardError, match="findings-missing"):
            self.find(assessor, audited)


class TestWithdrawal:
    DAY = date(2027, 3, 31)

    def test_sto_78_by_two_delegates_within_six_months(self, claire, denis):
        listing = world.listing()
        withdrawing.propose(actor=claire, listing_id=listing.id, reasons=WHY, effect_on=self.DAY, seen=0, at=NOON)
        assert (fresh(listing).status, listing.queue) == (S.PUBLISHED, Queue.CONFIRMER)
        with pytest.raises(SamePersonError):
            withdrawing.confirm(actor=claire, listing_id=listing.id, seen=1, at=NOON)
        withdrawing.confirm(actor=denis, listing_id=listing.id, seen=1, at=NOON)
        assert (fresh(listing).status, listing.effect_on, listing.queue) == (S.LEAVING, self.DAY, "")

    def test_sent_back_nothing_has_changed(self, claire, denis):
        listing = world.listing()
        withdrawing.propose(actor=claire, listing_id=listing.id, reasons=WHY, effect_on=self.DAY, seen=0, at=NOON)
        withdrawing.send_back(actor=denis, listing_id=listing.id, reason="Prématuré.", seen=1, at=NOON)
        assert (fresh(listing).status, listing.queue, listing.effect_on) == (S.PUBLISHED, "", None)

    @pytest.mark.parametrize("day", [date(2026, 11, 25), date(2027, 5, 26)])
    def test_no_day_past_or_beyond_six_months(self, claire, day):
        listing = world.listing()
        with pytest.raises(WrongValueError):
            withdrawing.propose(actor=claire, listing_id=listing.id, reasons=WHY, effect_on=day, seen=0, at=NOON)

    def test_a_publisher_leaves_with_three_months_notice(self):
        listing = world.listing()
        publisher = owner_of(listing)
        with pytest.raises(GuardError):
            withdrawing.leave(
                actor=publisher, listing_id=listing.id, effect_on=date(2027, 2, 24), reason="", seen=0, at=NOON
            )
        withdrawing.leave(
            actor=publisher, listing_id=listing.id, effect_on=date(2027, 2, 25), reason="", seen=0, at=NOON
        )
        assert (fresh(listing).status, listing.effect_on) == (S.LEAVING, date(2027, 2, 25))

    def test_a_publisher_leaves_for_nobody_else(self):
        listing = world.listing()
        other = factories.as_publisher(factories.member())
        with pytest.raises(UnknownRowError):
            withdrawing.leave(actor=other, listing_id=listing.id, effect_on=self.DAY, reason="", seen=0, at=NOON)


class TestDeclaration:
    def test_sto_71_made_it_counts_from_the_anniversary(self):
        listing = world.listing(
            S.DECLARATION_DUE, queue=Queue.PUBLISHER, due_at=NOON + timedelta(days=20), waits_since=NOON
        )
        factories.answered(listing.candidacy)
        made = declaring.declare(actor=owner_of(listing), listing_id=listing.id, text="", seen=0, at=NOON)
        assert (made.is_unchanged, made.year) == (True, 2027)
        assert {step.cause for step in listing.candidacy.steps.all()} == {"change"}
        assert (fresh(listing).status, listing.declared_on) == (S.PUBLISHED, date(2027, 10, 26))

    def test_none_is_due_none_is_made(self):
        listing = world.listing()
        with pytest.raises(TransitionRefusedError):
            declaring.declare(actor=owner_of(listing), listing_id=listing.id, text="", seen=0, at=NOON)
        assert listing.declarations.count() == 0


class TestLateDeclaration:
    """A declaration that comes after its term answers the formal notice (STO-71, STO-75)."""

    @pytest.fixture
    def late(self, assessor):
        listing = world.listing(
            S.DECLARATION_DUE, queue=Queue.PUBLISHER, due_at=NOON, waits_since=NOON, declared_on=date(2025, 10, 26)
        )
        self.at = NOON + timedelta(days=1)
        surveying.survey(at=self.at)
        return fresh(listing)

    def test_sto_75_it_goes_to_an_assessor_and_is_not_asked_for_again(self, late, assessor):
        owner = owner_of(late)
        assert declaring.owes_declaration(late)
        declaring.declare(actor=owner, listing_id=late.id, text="", seen=1, at=self.at)
        assert (fresh(late).status, late.queue, late.declared_on) == (
            S.FORMAL_NOTICE, Queue.ASSESSOR, date(2026, 10, 26),
        )  # fmt: skip
        assert not declaring.owes_declaration(late)
        warning.accept_remedy(actor=assessor, listing_id=late.id, reason="Reçue.", seen=2, at=self.at)
        surveying.survey(at=self.at)
        assert (fresh(late).status, late.queue) == (S.PUBLISHED, "")

    def test_sto_75_refused_the_publisher_has_the_six_months_of_the_notice(self, late, assessor):
        due_at = late.due_at
        declaring.hand_in(actor=owner_of(late), listing_id=late.id, text="Pardon.", seen=1, at=self.at)
        warning.refuse_remedy(actor=assessor, listing_id=late.id, reason="Déclarez.", seen=2, at=self.at)
        assert (fresh(late).queue, late.due_at) == (Queue.PUBLISHER, due_at)
        assert late.due_at.date() == date(2027, 5, 26)
        assert declaring.owes_declaration(late)

    def test_a_notice_for_something_else_takes_no_declaration(self, desk):
        listing = world.listing()
        until = date(2027, 1, 31)
        warning.give_notice(actor=desk, listing_id=listing.id, reasons=WHY, until=until, seen=0, at=NOON)
        with pytest.raises(TransitionRefusedError):
            declaring.declare(actor=owner_of(listing), listing_id=listing.id, text="", seen=1, at=NOON)


class TestTerm:
    """STO-82: over after its last second, whether the hourly sweep has passed or not."""

    def waiting(self, status: S) -> Listing:
        return world.listing(status, queue=Queue.PUBLISHER, due_at=NOON, waits_since=NOON)

    @pytest.mark.parametrize("status", [S.FORMAL_NOTICE, S.AUDIT, S.SUSPENDED])
    def test_sto_75_an_answer_after_the_term_of_a_notice_is_refused(self, status):
        listing = self.waiting(status)
        given = {"actor": owner_of(listing), "listing_id": listing.id, "text": "Fait.", "seen": 0}
        if status is S.FORMAL_NOTICE:
            with pytest.raises(GuardError):
                declaring.hand_in(at=NOON + timedelta(seconds=1), **given)
            declaring.hand_in(at=NOON, **given)
        else:
            declaring.hand_in(at=NOON + timedelta(seconds=1), **given)
        assert fresh(listing).queue != Queue.PUBLISHER

    def test_sto_71_a_declaration_after_its_term_waits_for_the_notice(self):
        listing = self.waiting(S.DECLARATION_DUE)
        with pytest.raises(GuardError):
            declaring.declare(
                actor=owner_of(listing), listing_id=listing.id, text="", seen=0, at=NOON + timedelta(seconds=1)
            )


class TestPage:
    def contents(self, listing: Listing, **changes) -> dict[str, object]:
        shown = declaring.shown_sheet(listing)
        return {name: getattr(shown, name) for name in declaring.EDITORIAL} | changes

    def test_sto_44_editorial_changes_are_shown_at_once_and_the_former_page_kept(self):
        listing = world.listing()
        wanted = self.contents(listing, tagline="Mieux vivre avec son asthme.")
        made = declaring.change_page(
            actor=owner_of(listing), listing_id=listing.id, contents=wanted, version=1, at=NOON
        )
        assert (made.version, made.tagline, made.shown_at) == (2, "Mieux vivre avec son asthme.", NOON)
        assert made.hosting_name == "Rive Cloud"
        versions = listing.candidacy.sheets.order_by("version").values_list("version", "replaced_at")
        assert list(versions) == [(1, NOON), (2, None)]

    def test_sto_44_the_checks_run_again_once_for_changes_in_a_row(self):
        listing = world.listing()
        factories.answered(listing.candidacy)
        for version, tagline in ((1, "Un."), (2, "Deux.")):
            declaring.change_page(
                actor=owner_of(listing), listing_id=listing.id, contents=self.contents(listing, tagline=tagline),
                version=version, at=NOON + timedelta(minutes=version),
            )  # fmt: skip
        rounds = set(listing.candidacy.steps.values_list("cause", "round", "asked_at"))
        assert rounds == {("change", 1, NOON + timedelta(minutes=1))}

    def test_sto_44_an_address_is_no_editorial_change(self):
        assert not [name for name in declaring.EDITORIAL if name.endswith("_url")]

    def test_two_members_at_once_overwrite_nothing(self):
        listing = world.listing()
        owner = owner_of(listing)
        first = self.contents(listing, tagline="Un.")
        declaring.change_page(actor=owner, listing_id=listing.id, contents=first, version=1, at=NOON)
        with pytest.raises(ChangedError):
            declaring.change_page(
                actor=owner, listing_id=listing.id, contents={**first, "tagline": "Deux."}, version=1, at=NOON
            )
        assert declaring.shown_sheet(listing).tagline == "Un."

    def test_nothing_changed_nothing_kept(self):
        listing = world.listing()
        same = self.contents(listing)
        declaring.change_page(actor=owner_of(listing), listing_id=listing.id, contents=same, version=1, at=NOON)
        assert listing.candidacy.sheets.count() == 1
