"""The hourly sweep: terms, reminders, silence (STO-53, STO-56, STO-68, STO-81)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.store import transitions
from apps.store.jobs import sweeping
from apps.store.models import Appeal, Judgement, Mail, Request, RequestItem
from apps.store.states import Event, Party, Queue, Status
from apps.store.transitions import Step
from tests.harness.clock import NOON
from tests.store import factories

pytestmark = pytest.mark.django_db


def asked(status: Status, kind: str) -> tuple[object, Request]:
    """A dossier whose publisher is asked for something since NOON, by the real step."""
    before = Status.ADMISSIBILITY if status is Status.INCOMPLETE else Status.ASSESSMENT
    by = Party.DESK if status is Status.INCOMPLETE else Party.ASSESSOR
    dossier = factories.candidacy(before, assessor=factories.reviewer())
    request = Request.objects.create(
        candidacy=dossier, kind=kind, round=1, text="Merci de compléter.", days=30, asked_by=dossier.assessor,
        asked_at=NOON, due_at=NOON + timedelta(days=30),
    )  # fmt: skip
    RequestItem.objects.create(request=request, criterion="CRI-SEC-05", text="Rapport trop ancien.")
    transitions.fire(dossier, Step(event=Event.ASK, by=by, actor="test", at=NOON))
    return dossier, request


class TestIncomplete:
    def test_sto_53_three_reminders_then_it_lapses(self):
        dossier, request = asked(Status.INCOMPLETE, "missing")
        end = dossier.due_at
        Mail.objects.all().delete()
        for days in range(35):
            sweeping.sweep(at=NOON + timedelta(days=days))
        dossier.refresh_from_db()
        request.refresh_from_db()
        assert (dossier.status, dossier.queue, dossier.due_at) == (Status.LAPSED, "", None)
        assert request.timed_out_at is not None
        told = list(Mail.objects.order_by("id").values_list("template", "facts__days"))
        assert told == [("reminder", 15), ("reminder", 5), ("reminder", 1), ("dossier_timeout", None)]
        lapsed = dossier.events.get(event="timeout")
        assert lapsed.at > end

    def test_the_sweep_run_twice_reminds_once(self):
        dossier, _request = asked(Status.INCOMPLETE, "missing")
        at = dossier.due_at - timedelta(days=5)
        assert sum(sweeping.sweep(at=at).values()) == 1
        assert sum(sweeping.sweep(at=at).values()) == 0
        assert Mail.objects.filter(template="reminder").count() == 1

    def test_a_sweep_that_slept_for_days_sends_the_last_reminder_alone(self):
        dossier, _request = asked(Status.INCOMPLETE, "missing")
        sweeping.sweep(at=dossier.due_at - timedelta(hours=20))
        assert list(Mail.objects.filter(template="reminder").values_list("facts__days", flat=True)) == [1]

    def test_who_answers_in_time_is_left_alone(self):
        dossier, request = asked(Status.INCOMPLETE, "missing")
        request.items.update(answered_at=NOON, answered_by=dossier.created_by, answer="Voici.")
        Request.objects.update(answered_at=NOON, answered_by=dossier.created_by)
        transitions.fire(dossier, Step(event=Event.ANSWER, by=Party.PUBLISHER, actor="test", at=NOON))
        sweeping.sweep(at=NOON + timedelta(days=90))
        dossier.refresh_from_db()
        assert (dossier.status, dossier.queue) == (Status.ADMISSIBILITY, Queue.DESK)


class TestComplement:
    def test_sto_56_silence_counts_against_the_criterion(self):
        dossier, _request = asked(Status.COMPLEMENT, "complement")
        Judgement.objects.create(
            candidacy=dossier, criterion="CRI-SEC-05", version=1, verdict="a_completer", note="Rapport trop ancien.",
            by=dossier.assessor, at=NOON,
        )  # fmt: skip
        sweeping.sweep(at=dossier.due_at + timedelta(seconds=1))
        dossier.refresh_from_db()
        now = dossier.judgements.get(is_current=True)
        assert (dossier.status, now.verdict, now.version, now.by_timeout) == (
            Status.ASSESSMENT, "non_conforme", 2, True,
        )  # fmt: skip
        assert dossier.assignee_id == dossier.assessor_id

    def test_sto_56_what_nobody_asked_about_stays_open(self):
        dossier, _request = asked(Status.COMPLEMENT, "complement")
        for code in ("CRI-SEC-05", "CRI-SEC-08"):
            Judgement.objects.create(
                candidacy=dossier, criterion=code, version=1, verdict="a_completer", note="", by=dossier.assessor,
                at=NOON,
            )  # fmt: skip
        sweeping.sweep(at=dossier.due_at + timedelta(seconds=1))
        now = dict(dossier.judgements.filter(is_current=True).values_list("criterion", "verdict"))
        assert now == {"CRI-SEC-05": "non_conforme", "CRI-SEC-08": "a_completer"}


def test_sto_68_silence_on_an_appeal_is_its_rejection():
    dossier = factories.candidacy(Status.APPEAL)
    Appeal.objects.create(
        candidacy=dossier, kind="gracieux", text="Nous contestons.", filed_by=dossier.created_by, filed_at=NOON,
        due_at=dossier.due_at,
    )  # fmt: skip
    dossier.wakes_at = dossier.due_at + timedelta(seconds=1)
    dossier.save()
    sweeping.sweep(at=dossier.due_at + timedelta(seconds=1))
    dossier.refresh_from_db()
    assert (dossier.status, dossier.appeals.get().outcome) == (Status.REFUSED, "silence")


def test_sto_47_a_draft_that_nobody_touches_for_a_year_is_given_up():
    dossier = factories.candidacy(wakes_at=NOON)
    sweeping.sweep(at=NOON + timedelta(seconds=1))
    dossier.refresh_from_db()
    assert dossier.status == Status.ABANDONED


def test_nothing_due_nothing_done():
    factories.candidacy(Status.ADMISSIBILITY)
    assert sweeping.sweep(at=NOON + timedelta(days=400)) == {}
