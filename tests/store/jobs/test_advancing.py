"""Checks of a dossier carried on by rows and leases (architecture 3.6, S36, L22)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from apps.store.checks.base import Tools
from apps.store.jobs import advancing, concluding, planning
from apps.store.models import Candidacy, CandidacyStep, Mail
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.silent_web import SilentWeb

Cause, State, Outcome = CandidacyStep.Cause, CandidacyStep.State, CandidacyStep.Outcome


def sent(**data) -> Candidacy:
    """A dossier that was sent, with the answers of three checks: one of a number, two of the web."""
    dossier = factories.candidacy(Status.SUBMITTED, submitted_at=NOON)
    publisher = dossier.publisher
    factories.answered(dossier, **data)
    keep = ("CRI-LEG-01", "CRI-SEC-03")
    dossier.answers.exclude(criterion__in=keep).delete()
    dossier.answers.filter(criterion="CRI-LEG-01").update(data={"siren": publisher.siren})
    dossier.answers.filter(criterion="CRI-SEC-03").update(data={"url": "https://www.carnet-souffle.example/"})
    return dossier


def plan(dossier: Candidacy, cause: str = Cause.SUBMISSION) -> int:
    return planning.plan(candidacy=dossier, cause=cause, at=NOON)


def advance(dossier: Candidacy, *, at=NOON, web: SilentWeb | None = None) -> bool:
    tools = Tools(web=web or SilentWeb())
    return advancing.advance(candidacy_id=dossier.id, tools=tools, clock=lambda: at)


@pytest.mark.django_db
class TestRound:
    def test_a_row_for_each_check_and_target(self):
        dossier = sent()
        assert plan(dossier) == 1
        kinds = Counter(dossier.steps.values_list("kind", flat=True))
        assert kinds == {"siren": 1, "headers": 1, "ownership": 1}
        assert set(dossier.steps.values_list("state", "attempt", "round")) == {("due", 0, 1)}

    def test_the_longest_target_fits_into_a_row(self):
        dossier = sent()
        url = "https://a.example/" + "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(660))
        for text in (url, url + "a" * 3, url * 2):
            dossier.answers.filter(criterion="CRI-SEC-03").update(data={"url": text})
            plan(dossier)
        assert list(dossier.steps.filter(kind="headers").values_list("target", flat=True)) == [url]

    def test_a_new_round_ends_what_waits_of_the_one_before(self):
        dossier = sent()
        plan(dossier)
        assert plan(dossier, Cause.CHANGE) == 2
        first = dossier.steps.filter(round=1)
        assert set(first.values_list("state", "outcome", "reason")) == {("done", "skipped", "newer-round")}

    def test_each_has_one_result_and_ours_is_no_fault_of_theirs(self):
        dossier = sent()
        plan(dossier)
        assert advance(dossier) is False
        siren = dossier.steps.get(kind="siren")
        assert (siren.state, siren.attempt, siren.finished_at) == (State.DONE, 1, NOON)
        headers = dossier.steps.get(kind="headers")
        assert (headers.state, headers.outcome, headers.reason) == (State.DUE, "", "timeout")
        assert headers.due_at == NOON + timedelta(minutes=30)

    def test_three_tries_over_a_day_then_an_error_that_says_so(self):
        dossier = sent()
        plan(dossier)
        web, at = SilentWeb(), NOON
        for wait in (timedelta(), timedelta(minutes=30), timedelta(hours=12)):
            at += wait
            advance(dossier, at=at, web=web)
        headers = dossier.steps.get(kind="headers")
        assert (headers.state, headers.outcome, headers.attempt, headers.reason) == ("done", "error", 3, "timeout")
        advance(dossier, at=at + timedelta(days=1), web=web)
        headers.refresh_from_db()
        assert headers.attempt == 3

    def test_sto_49_a_dossier_whose_checks_wait_goes_to_the_desk_after_a_day(self):
        dossier = sent()
        plan(dossier)
        advance(dossier)
        dossier.refresh_from_db()
        assert dossier.status == Status.SUBMITTED
        advance(dossier, at=NOON + timedelta(hours=24))
        dossier.refresh_from_db()
        assert (dossier.status, dossier.queue) == (Status.ADMISSIBILITY, Queue.DESK)
        assert "checks-incomplete" in dossier.reasons

    def test_without_anything_to_wait_for_it_goes_at_once(self):
        dossier = sent()
        dossier.answers.exclude(criterion="CRI-LEG-01").delete()
        plan(dossier)
        advance(dossier)
        dossier.refresh_from_db()
        assert dossier.status == Status.ADMISSIBILITY
        assert Mail.objects.filter(template="dossier_checks_done").count() == 1

    def test_l3_a_check_that_has_no_browser_is_told_to_the_desk(self):
        dossier = sent()
        dossier.answers.all().delete()
        factories.answered(dossier)
        dossier.answers.exclude(criterion__in=("CRI-LEG-01", "CRI-RGP-06")).delete()
        dossier.answers.filter(criterion="CRI-RGP-06").update(data={"url": "https://www.carnet-souffle.example/"})
        plan(dossier)
        dossier.steps.exclude(kind="trackers").update(state=State.DONE, outcome="pass", finished_at=NOON)
        advance(dossier)
        dossier.refresh_from_db()
        assert (dossier.steps.get(kind="trackers").reason, dossier.reasons) == ("no-browser", ["checks-incomplete"])


@pytest.mark.django_db
class TestDeath:
    def test_s36_the_sweep_finds_a_step_whose_worker_died(self):
        dossier = sent()
        plan(dossier)
        dossier.steps.filter(kind="siren").update(
            state=State.RUNNING, attempt=1, leased_until=NOON + timedelta(minutes=5), started_at=NOON
        )
        dossier.steps.exclude(kind="siren").update(state=State.DONE, outcome="pass", finished_at=NOON)
        assert advancing.lost_and_due(at=NOON + timedelta(minutes=4)) == []
        later = NOON + timedelta(minutes=6)
        assert advancing.lost_and_due(at=later) == [dossier.id]
        advance(dossier, at=later)
        step = dossier.steps.get(kind="siren")
        assert (step.state, step.attempt) == (State.DONE, 2)

    def test_l22_a_try_that_died_is_none_of_the_three(self):
        dossier = sent()
        plan(dossier)
        headers = dossier.steps.get(kind="headers")
        dossier.steps.exclude(kind="headers").delete()
        web, at = SilentWeb(), NOON
        for _ in range(2):
            advancing._claim(dossier.id, at)
            at += advancing.LEASE + timedelta(seconds=1)
        for wait in (timedelta(), timedelta(minutes=30), timedelta(hours=12)):
            at += wait
            headers.refresh_from_db()
            assert headers.state != State.DONE
            advance(dossier, at=at, web=web)
        headers.refresh_from_db()
        assert (headers.state, headers.outcome, headers.attempt, headers.errors) == ("done", "error", 5, 3)

    def test_rel_07_errors_are_no_deaths(self):
        dossier = sent()
        plan(dossier)
        dossier.steps.exclude(kind="siren").delete()
        dossier.steps.update(attempt=6, errors=2)
        advance(dossier)
        assert dossier.steps.get().state == State.DONE

    def test_sto_110_who_is_carried_on_is_not_queued_twice(self):
        """Between two runs of one dossier nobody holds a lease: its next run waits in the queue."""
        dossier = sent()
        plan(dossier)
        assert advancing.lost_and_due(at=NOON) == [dossier.id]
        step = advancing._claim(dossier.id, NOON)
        assert advancing.lost_and_due(at=NOON + timedelta(minutes=1)) == []
        advancing._settle(step, advancing.Finding(outcome=advancing.Outcome.PASS), NOON + timedelta(minutes=1))
        assert advancing.lost_and_due(at=NOON + timedelta(minutes=2)) == []
        assert advancing.lost_and_due(at=NOON + advancing.LEASE) == [dossier.id]

    def test_a_late_worker_overwrites_nothing(self):
        dossier = sent()
        plan(dossier)
        late = advancing._claim(dossier.id, NOON)
        dossier.steps.filter(pk=late.pk).update(state=State.DONE, outcome="flag", finished_at=NOON, leased_until=None)
        finding = advancing.Finding(outcome=advancing.Outcome.PASS)
        advancing._settle(late, finding, NOON)
        assert dossier.steps.get(pk=late.pk).outcome == "flag"

    def test_rel_07_a_step_that_kills_its_worker_five_times_is_parked(self):
        dossier = sent()
        plan(dossier)
        dossier.steps.exclude(kind="siren").delete()
        dossier.steps.update(state=State.RUNNING, attempt=5, leased_until=NOON - timedelta(seconds=1), started_at=NOON)
        advance(dossier)
        assert dossier.steps.get().state == State.PARKED
        dossier.refresh_from_db()
        assert (dossier.status, "checks-incomplete" in dossier.reasons) == (Status.ADMISSIBILITY, True)

    def test_a_round_that_nobody_concluded_is_found(self):
        dossier = sent()
        assert advancing.lost_and_due(at=NOON) == [dossier.id]
        assert concluding.conclude(candidacy_id=dossier.id, at=NOON) is True
        assert concluding.conclude(candidacy_id=dossier.id, at=NOON) is False
        assert dossier.events.filter(event="checks_done").count() == 1
        assert advancing.lost_and_due(at=NOON) == []


@pytest.mark.django_db(transaction=True)
def test_rel_01_two_workers_at_once_give_each_step_one_try():
    dossier = sent()
    plan(dossier)
    web, gate = SilentWeb(), Barrier(2)

    def work() -> None:
        gate.wait()
        try:
            advance(dossier, web=web)
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert set(dossier.steps.values_list("attempt", flat=True)) == {1}
