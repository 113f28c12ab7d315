"""Publication (STO-01, STO-66, RV-09)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.store import due
from apps.store.models import Candidacy, CandidacyStep, Listing, Mail, Picture, Sheet
from apps.store.services import publishing
from apps.store.services.errors import ChangedError, GuardError, TransitionRefusedError, WrongValueError
from apps.store.states import ListingStatus, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes

pytestmark = pytest.mark.django_db


def checked(of: Candidacy, *, at=NOON - timedelta(days=1), outcome="pass", **values) -> CandidacyStep:
    return CandidacyStep.objects.create(
        candidacy=of, kind="tls", target="www.carnet-souffle.example", round=1, cause="publication", state="done",
        asked_at=at, due_at=at, finished_at=at, outcome=outcome, **values,
    )  # fmt: skip


@pytest.fixture
def ready(desk):
    """A dossier with its three records, its page and fresh checks."""
    dossier = factories.candidacy(Status.READY_TO_PUBLISH)
    factories.three_records(dossier)
    factories.sheet(dossier)
    checked(dossier)
    scenes.declared(dossier, desk)
    return dossier


def publish(by, dossier, *, seen=0, at=NOON):
    return publishing.publish(actor=scenes.at_work(by, at=at), candidacy_id=dossier.pk, seen=seen, at=at)


def test_sto_66_everything_in_one_transaction(desk, ready):
    listing = publish(desk, ready)
    ready.refresh_from_db()
    listing.refresh_from_db()
    assert (ready.status, ready.queue) == (Status.PUBLISHED, "")
    assert (listing.status, listing.queue, listing.published_at) == (ListingStatus.PUBLISHED, "", NOON)
    assert (listing.controlled_on, listing.declared_on) == (date(2026, 11, 25), date(2026, 11, 25))
    assert listing.wakes_at == due.next_checks(listing.check_weekday, after=NOON)
    assert listing.check_weekday == ready.service_id.int % 7
    agreement = ready.agreements.get()
    assert (listing.signed_at, listing.agreement_ends_on) == (agreement.signed_at, agreement.ends_on)
    assert Sheet.objects.get(candidacy=ready).shown_at == NOON
    assert listing.events.get().rule == "STO-66"
    assert Mail.objects.filter(template="dossier_publish").count() == 1


def test_sto_84_the_pictures_of_the_page_are_planned(desk, ready):
    logo = factories.evidence(ready, use="logo", media_type="image/png")
    factories.evidence(ready)
    publish(desk, ready)
    assert list(Picture.objects.values_list("evidence", "due_at", "file_id")) == [(logo.pk, NOON, None)]


def test_weekly_checks_are_spread_over_the_week():
    days = [publishing.weekday_of(UUID(int=number)) for number in range(70)]
    assert [days.count(day) for day in range(7)] == [10] * 7


def without_opinion(dossier):
    dossier.agenda.all().update(opinion="defavorable")


def without_decision(dossier):
    dossier.decisions.all().update(kind="require_lift")


def without_agreement(dossier):
    dossier.agreements.all().update(signed_at=None)


def begun_anew(dossier):
    """A round that gave way to a newer one, of which nothing has run yet."""
    dossier.steps.all().update(outcome="skipped", reason="newer-round")
    dossier.steps.create(kind="tls", round=2, cause="publication", asked_at=NOON, due_at=NOON)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (without_opinion, "opinion-missing"),
        (without_decision, "decision-missing"),
        (without_agreement, "signatures-missing"),
        (lambda dossier: dossier.sheets.all().update(tagline=""), "page-incomplete"),
        (lambda dossier: dossier.steps.all().delete(), "checks-old"),
        (lambda dossier: dossier.steps.all().update(finished_at=NOON - timedelta(days=8)), "checks-old"),
        (lambda dossier: dossier.steps.all().update(outcome="fail"), "checks-failed"),
        (lambda dossier: dossier.steps.all().update(outcome="fail", override="fail"), "checks-failed"),
        (lambda dossier: dossier.steps.all().update(outcome="flag", override="fail"), "checks-failed"),
        (lambda dossier: dossier.steps.all().update(outcome="error"), "checks-incomplete"),
        (lambda dossier: dossier.steps.all().update(outcome="", state="parked"), "checks-incomplete"),
        (begun_anew, "checks-running"),
    ],
)
def test_sto_01_66_nothing_is_published_while_something_is_missing(desk, ready, spoil, code):
    spoil(ready)
    with pytest.raises(GuardError) as error:
        publish(desk, ready)
    assert code in error.value.missing
    ready.refresh_from_db()
    assert (ready.status, Listing.objects.count(), Mail.objects.count()) == (Status.READY_TO_PUBLISH, 0, 0)
    assert Sheet.objects.get(candidacy=ready).shown_at is None


@pytest.mark.parametrize("outcome", ["fail", "error"])
def test_a_check_that_people_set_aside_keeps_nothing_back(desk, ready, outcome):
    ready.steps.all().update(outcome=outcome, override="pass", override_reason="x", override_at=NOON)
    assert publish(desk, ready).status == ListingStatus.PUBLISHED


def test_who_and_when(desk, ready):
    for role in (StaffRole.DELEGATE, StaffRole.ASSESSOR, StaffRole.SECRETARIAT):
        with pytest.raises(AccessDeniedError):
            publish(scenes.person(role), ready)
    with pytest.raises(ChangedError):
        publish(desk, ready, seen=2)
    early = factories.candidacy(Status.CONNECTION)
    scenes.declared(early, desk)
    with pytest.raises(TransitionRefusedError):
        publish(desk, early)


class TestAmendment:
    def amended(self, desk, status=ListingStatus.PUBLISHED, **values):
        listing = factories.listing(status, **values)
        dossier = factories.candidacy(
            Status.READY_TO_PUBLISH, kind="avenant", service=listing.service, by=listing.publisher.members.get()
        )
        factories.three_records(dossier)
        factories.sheet(dossier, tagline="Noter ses crises, et partager.")
        checked(dossier)
        scenes.declared(dossier, desk)
        return listing, dossier

    def test_sto_22_the_same_listing_with_the_records_of_the_new_dossier(self, desk):
        listing, dossier = self.amended(desk)
        old = listing.candidacy
        assert publish(desk, dossier).pk == listing.pk
        listing.refresh_from_db()
        assert (listing.candidacy, listing.decision) == (dossier, dossier.decisions.get())
        assert Sheet.objects.get(candidacy=old).replaced_at == NOON
        assert Sheet.objects.get(candidacy=dossier).shown_at == NOON
        assert Listing.objects.count() == 1

    def test_whose_turn_it_is_stays(self, desk):
        listing, dossier = self.amended(
            desk, ListingStatus.DECLARATION_DUE, queue="editeur", due_at=NOON + timedelta(days=9), waits_since=NOON
        )
        publish(desk, dossier)
        listing.refresh_from_db()
        assert (listing.status, listing.queue) == (ListingStatus.DECLARATION_DUE, "editeur")
        assert listing.due_at == NOON + timedelta(days=9)

    def test_a_service_that_has_left_does_not_come_back(self, desk):
        listing, dossier = self.amended(desk, ListingStatus.WITHDRAWN, ended_at=NOON - timedelta(days=2))
        with pytest.raises(WrongValueError, match="over"):
            publish(desk, dossier)
        listing.refresh_from_db()
        dossier.refresh_from_db()
        assert (listing.status, dossier.status) == (ListingStatus.WITHDRAWN, Status.READY_TO_PUBLISH)
