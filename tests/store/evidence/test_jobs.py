"""Ends of pieces are told at 90, 30 and 7 days, each once (STO-30); secrets are looked for once a file is clean."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.files.gateways.base import StoreUnavailableError
from apps.store import tasks
from apps.store.checks.base import Finding, Outcome
from apps.store.jobs import evidence_dates, evidence_looking
from apps.store.models import Evidence, Mail, Member
from apps.store.services import evidence
from apps.store.states import ListingStatus, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.evidence import world

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
SECRET = b"nom;valeur\nAPI_KEY=4f9d8c7b6a5e4d3c2b1a\n"


@pytest.fixture
def pia() -> Member:
    return factories.member()


@pytest.fixture
def draft(pia):
    return factories.candidacy(by=pia)


def ends_in(dossier, days: int, **values) -> Evidence:
    return factories.evidence(dossier, valid_until=TODAY + timedelta(days=days), **values)


class TestDates:
    @pytest.mark.parametrize(
        ("days", "threshold"), [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
    )
    def test_sto_30_thresholds(self, draft, days, threshold):
        piece = ends_in(draft, days)
        assert evidence_dates.threshold_of(days) == threshold
        assert evidence_dates.warn(at=NOON) == (threshold is not None)
        piece.refresh_from_db()
        assert piece.warned_at_days == threshold
        assert Mail.objects.count() == (threshold is not None)

    def test_each_threshold_is_told_once_however_often_the_job_runs(self, draft, pia):
        piece = ends_in(draft, 95)
        told = []
        for day in range(97):
            at = NOON + timedelta(days=day)
            for _ in range(2):
                evidence_dates.warn(at=at)
            new = Mail.objects.filter(at=at)
            told += [(day, mail.facts["days"]) for mail in new]
        piece.refresh_from_db()
        assert told == [(5, 90), (65, 30), (88, 7)]
        assert set(Mail.objects.values_list("template", "user_id")) == {("evidence_ending", pia.user_id)}

    def test_a_missed_threshold_is_told_with_the_days_that_are_left(self, draft):
        ends_in(draft, 12)
        evidence_dates.warn(at=NOON)
        mail = Mail.objects.get()
        assert (mail.facts["days"], mail.facts["pieces"], mail.facts["ends_on"]) == (12, 1, "2026-12-07")

    def test_pieces_that_end_together_are_one_mail_to_each_member(self, draft, pia):
        world.colleague(pia)
        for _ in range(3):
            ends_in(draft, 30)
        assert evidence_dates.warn(at=NOON) == 1
        assert sorted(mail.facts["pieces"] for mail in Mail.objects.all()) == [3, 3]

    def test_what_was_replaced_and_dossiers_at_an_end_are_left_alone(self, draft, pia):
        ends_in(draft, 5, removed_at=NOON)
        ends_in(factories.candidacy(Status.REFUSED, by=pia), 5)
        ends_in(factories.candidacy(Status.PUBLISHED, by=pia), 5)  # no service runs on it
        assert evidence_dates.warn(at=NOON) == 0
        assert not Mail.objects.exists()

    def test_a_running_service_is_reminded_a_withdrawn_one_is_not(self, pia):
        running = factories.listing(by=pia)
        gone = factories.listing(ListingStatus.WITHDRAWN, by=factories.member(), ended_at=NOON)
        ends_in(running.candidacy, 5)
        ends_in(gone.candidacy, 5)
        assert evidence_dates.warn(at=NOON) == 1

    def test_the_job_costs_the_same_for_one_piece_and_for_twenty(self, draft, django_assert_num_queries):
        ends_in(draft, 5)
        with django_assert_num_queries(8):
            evidence_dates.warn(at=NOON)
        for _ in range(20):
            ends_in(draft, 5)
        with django_assert_num_queries(8):
            evidence_dates.warn(at=NOON + timedelta(days=1))

    def test_the_task_runs(self, draft):
        tasks.warn_of_dates.run()


class TestSecrets:
    def test_l15_kinds_are_kept_never_the_secret(self, pia, draft, queue, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            piece = world.added(factories.as_publisher(pia), draft, data=SECRET, name="config.csv")
        assert [message.task for message in queue() if message.task == "store.look_for_secrets"]
        assert evidence_looking.waiting() == [piece.id]
        assert evidence_looking.look_for_secrets(evidence_id=piece.id, at=NOON)
        piece.refresh_from_db()
        assert (piece.secrets_found, piece.secrets_looked_at) == (["password"], NOON)

    def test_looked_at_once(self, pia, draft):
        piece = world.added(factories.as_publisher(pia), draft, data=world.CSV, name="table.csv")
        assert evidence_looking.look_for_secrets(evidence_id=piece.id, at=NOON)
        assert not evidence_looking.look_for_secrets(evidence_id=piece.id, at=NOON)
        piece.refresh_from_db()
        assert (piece.secrets_found, evidence_looking.waiting()) == ([], [])

    def test_sec_11_nothing_is_looked_into_before_the_antivirus(self, pia, draft):
        evidence.add(
            actor=factories.as_publisher(pia), candidacy_id=draft.id, upload=world.upload(SECRET, "config.csv"),
            description=world.about(), at=NOON,
        )  # fmt: skip
        piece = Evidence.objects.get()
        assert evidence_looking.waiting() == []
        assert not evidence_looking.look_for_secrets(evidence_id=piece.id, at=NOON)

    def test_pictures_and_infected_files_are_left_alone(self, pia, draft):
        actor = factories.as_publisher(pia)
        world.added(actor, draft, data=world.png(), name="logo.png", use="logo")
        world.added(actor, draft, data=world.INFECTED)
        assert evidence_looking.waiting() == []

    def test_a_pdf_that_no_program_opens_is_looked_at_once_too(self, pia, draft):
        piece = world.added(factories.as_publisher(pia), draft)
        assert evidence_looking.look_for_secrets(evidence_id=piece.id, at=NOON)
        piece.refresh_from_db()
        assert (piece.secrets_found, piece.secrets_looked_at) == ([], NOON)

    def test_rel_07_a_piece_that_is_lost_again_and_again_is_given_up_and_hides_no_other(self, pia, draft, monkeypatch):
        actor = factories.as_publisher(pia)
        poison = world.added(actor, draft, data=world.CSV, name="a.csv")
        lost = Finding(outcome=Outcome.ERROR, reason="decoder-lost")
        monkeypatch.setattr(evidence_looking, "look", lambda _data: lost)
        assert not evidence_looking.look_for_secrets(evidence_id=poison.id, at=NOON)
        other = world.added(actor, draft, data=SECRET, name="b.csv")
        assert evidence_looking.waiting(at_most=1) == [other.id]
        for _ in range(6):
            evidence_looking.look_for_secrets(evidence_id=poison.id, at=NOON)
        assert evidence_looking.waiting() == [other.id]
        poison.refresh_from_db()
        assert (poison.secrets_tries, poison.secrets_looked_at) == (5, None)

    def test_a_store_that_is_away_costs_no_try(self, pia, draft, monkeypatch):
        piece = world.added(factories.as_publisher(pia), draft, data=world.CSV, name="table.csv")

        def away(_stored):
            raise StoreUnavailableError

        monkeypatch.setattr(evidence_looking, "bytes_of", away)
        for _ in range(9):
            assert not evidence_looking.look_for_secrets(evidence_id=piece.id, at=NOON)
        assert evidence_looking.waiting() == [piece.id]

    def test_the_sweep_queues_what_was_lost(self, pia, draft, queue, django_capture_on_commit_callbacks):
        piece = world.added(factories.as_publisher(pia), draft, data=world.CSV, name="table.csv")
        assert queue() == []
        with django_capture_on_commit_callbacks(execute=True):
            tasks.sweep_evidence.run()
        lost = [message for message in queue() if message.task == "store.look_for_secrets"]
        assert lost
        tasks.look_for_secrets.run(evidence_id=str(piece.id))
        assert evidence_looking.waiting() == []


def test_days_are_those_of_paris(draft):
    ends_in(draft, 8)
    before_midnight = NOON.replace(hour=22, minute=59)  # 23:59 in Paris
    evidence_dates.warn(at=before_midnight)
    assert Evidence.objects.get().warned_at_days == 30
    evidence_dates.warn(at=before_midnight + timedelta(minutes=2))
    assert Evidence.objects.get().warned_at_days == 7
    assert date(2026, 11, 26) == (before_midnight + timedelta(minutes=2)).date() + timedelta(days=1)
