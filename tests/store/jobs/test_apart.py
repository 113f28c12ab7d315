"""One row that cannot be dealt with stops nothing: sweep, survey, weekly checks, dates of evidence (REL-07, STO-81)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError

from apps.store import tasks
from apps.store.jobs import evidence_dates, papers, surveying, sweeping, weekly
from apps.store.jobs.rows import apart
from apps.store.models import Candidacy, CandidacyStep, Listing, Mail
from apps.store.states import ListingStatus, Queue, Status
from tests.harness.clock import NOON
from tests.security.logs import written_lines
from tests.store import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def poisoned(dossier: Candidacy) -> None:
    """Answers that no list of criteria knows how to read: making its checks or its mail raises."""
    Candidacy.objects.filter(pk=dossier.pk).update(referential="unknown")


def taken(dossier: Candidacy) -> None:
    """The number of its next event is given away: keeping that event raises."""
    dossier.events.create(sequence=1, event="x", before="x", after="x", by="x", actor="x", at=NOON, rule="x")


def signing(**values) -> Candidacy:
    """An agreement that its publisher does not sign, woken for the reminder of the last day."""
    dossier = factories.candidacy(Status.AGREEMENT)
    Candidacy.objects.filter(pk=dossier.pk).update(wakes_at=dossier.due_at - DAY, **values)
    dossier.refresh_from_db()
    return dossier


class TestSweep:
    def test_sto_81_a_term_that_ends_nothing_is_late_and_stops_nobody(self):
        late = signing()
        behind = factories.candidacy(wakes_at=late.due_at + timedelta(hours=1))
        done = sweeping.sweep(at=late.due_at + DAY)
        late.refresh_from_db()
        behind.refresh_from_db()
        assert done == {"late": 1, "timed-out": 1}
        assert (late.status, late.queue, late.wakes_at) == (Status.AGREEMENT, Queue.PUBLISHER, None)
        assert behind.status == Status.ABANDONED
        assert not Mail.objects.filter(template="reminder").exists()

    def test_rel_07_a_row_that_raises_is_tried_again_an_hour_later(self):
        bad, good = factories.candidacy(wakes_at=NOON - DAY), factories.candidacy(wakes_at=NOON)
        taken(bad)
        at = NOON + timedelta(seconds=1)
        with written_lines() as output:
            assert sweeping.sweep(at=at) == {"later": 1, "timed-out": 1}
        bad.refresh_from_db()
        good.refresh_from_db()
        assert (bad.status, bad.wakes_at, good.status) == (Status.DRAFT, at + sweeping.LATER, Status.ABANDONED)
        assert output.getvalue().count("row_failed") == 1

    def test_what_could_not_be_ended_keeps_nothing_of_the_try(self):
        dossier = factories.candidacy(Status.COMPLEMENT, assessor=factories.reviewer())
        Candidacy.objects.update(wakes_at=dossier.due_at)
        dossier.judgements.create(
            criterion="CRI-SEC-05", version=1, verdict="a_completer", note="Trop ancien.", by=dossier.assessor, at=NOON
        )
        taken(dossier)
        assert sweeping.sweep(at=dossier.due_at + DAY) == {"later": 1}
        assert dossier.judgements.get().is_current


def test_rel_07_the_survey_goes_on_behind_a_service_that_raises():
    ends = {"agreement_ends_on": NOON.date() - DAY, "declared_on": NOON.date()}
    bad, good = factories.listing(**ends), factories.listing(**ends)
    bad.events.create(sequence=1, event="x", before="x", after="x", by="x", actor="x", at=NOON, rule="x")
    assert surveying.survey(at=NOON)["expired"] == 1
    assert dict(Listing.objects.values_list("id", "status")) == {
        bad.pk: ListingStatus.PUBLISHED, good.pk: ListingStatus.EXPIRED,
    }  # fmt: skip


def test_rel_07_weekly_checks_go_on_behind_a_service_whose_dossier_raises():
    bad, good = factories.listing(wakes_at=NOON - DAY), factories.listing(wakes_at=NOON)
    poisoned(bad.candidacy)
    assert weekly.plan_weekly(at=NOON) == [good.candidacy_id]
    bad.refresh_from_db()
    assert bad.wakes_at == NOON + weekly.LATER
    assert not CandidacyStep.objects.filter(candidacy=bad.candidacy).exists()


def test_rel_07_dates_of_evidence_go_on_behind_a_dossier_that_raises(monkeypatch):
    bad, good = factories.candidacy(), factories.candidacy()
    for dossier in (bad, good):
        factories.evidence(dossier, valid_until=NOON.date() + 5 * DAY)
    names = {good.publisher_id: [good.created_by_id]}
    monkeypatch.setattr(evidence_dates.telling, "publisher_people", lambda publisher_id: names[publisher_id])
    assert evidence_dates.warn(at=NOON) == 1
    assert Mail.objects.get().user_id == good.created_by_id


def test_the_three_jobs_of_the_sweep_do_not_stop_one_another(monkeypatch):
    run = []
    monkeypatch.setattr(sweeping, "sweep", lambda at: at / 0)
    monkeypatch.setattr(surveying, "survey", lambda at: at / 0)
    monkeypatch.setattr(papers, "send_due_papers", lambda **given: run.append(given))
    tasks.sweep.run()
    assert len(run) == 1


def test_the_end_of_a_task_is_nobodys_fault():
    def over():
        raise SoftTimeLimitExceeded

    with pytest.raises(SoftTimeLimitExceeded):
        apart(over, step="store.sweep")


@pytest.mark.parametrize("away", [OperationalError("no server"), ConnectionResetError(), TimeoutError()])
def test_what_is_away_is_nobodys_fault_either(away):
    def act():
        raise away

    with pytest.raises(type(away)):
        apart(act, step="store.sweep")
