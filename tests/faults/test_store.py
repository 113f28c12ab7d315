"""S36, REL-02: the worker dies in each check and each step; the sweep brings it back, one result, one mail."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.common.invariants import findings
from apps.store import telling
from apps.store.checks import registry
from apps.store.jobs import planning
from apps.store.models import Candidacy, CandidacyStep, Mail
from apps.store.states import Status
from tests.faults.processes import KILLS, Machine
from tests.store import factories
from tests.store.mail_box import sent_by

pytestmark = pytest.mark.faults
# Leases of nothing: the sweep of the test need not wait for five minutes and a half.
ADVANCE = """
import sys; from uuid import UUID; from datetime import timedelta
import django; django.setup()
from django.utils import timezone
from apps.store.checks.base import Tools
from apps.store.jobs import advancing
from tests.store.silent_web import SilentWeb
advancing.LEASE = timedelta()
for lost in advancing.lost_and_due(at=timezone.now()):
    advancing.advance(candidacy_id=lost, tools=Tools(web=SilentWeb()), clock=timezone.now)
"""
SWEEP = """
import django; django.setup()
from django.utils import timezone
from apps.store.jobs import sweeping
sweeping.sweep(at=timezone.now())
"""
MAILS = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from apps.store.jobs import mailing
from tests.store.mail_box import FileBox
mailing.LEASE = timedelta()
mailing.send_due(relay=FileBox(), at=timezone.now())
"""


def sent() -> Candidacy:
    """A dossier with every answer, just sent; its web does not answer, so that nothing outside is asked."""
    at = timezone.now()
    dossier = factories.candidacy(
        Status.SUBMITTED, submitted_at=at, exchange="read_write", status_at=at,
        orientation=dict.fromkeys(factories.orientation.NAMES, "yes"),
    )  # fmt: skip
    factories.answered(dossier)
    factories.evidence(dossier, state="waiting")
    planning.plan(candidacy=dossier, cause=CandidacyStep.Cause.SUBMISSION, at=at)
    return dossier


def kinds() -> list[str]:
    """Checks that a dossier with every answer and one file has something to look at for."""
    return sorted(registry.CHECKS)


@pytest.mark.parametrize("kind", kinds())
def test_s36_killed_in_each_check_there_is_one_result(machine: Machine, kind: str):
    dossier = sent()
    if not dossier.steps.filter(kind=kind).exists():
        CandidacyStep.objects.create(
            candidacy=dossier, kind=kind, target="0", round=1, cause="submission", asked_at=timezone.now(),
            due_at=timezone.now(),
        )  # fmt: skip
    dossier.steps.exclude(kind=kind).delete()
    for point, _kill in ((point, kill) for point in ("claimed", "ran") for kill in range(2)):
        assert machine.dies("-c", ADVANCE, at=f"store.advance.{point}.{kind}")
        assert set(dossier.steps.values_list("state", flat=True)) <= {"running", "due", "done"}
    assert machine.dies("-c", ADVANCE, at=f"store.advance.settled.{kind}")

    machine.runs("-c", ADVANCE)

    steps = list(dossier.steps.all())
    assert all(step.state == "done" or (step.state == "due" and step.reason) for step in steps), kind
    assert len({(step.kind, step.target) for step in steps}) == len(steps)


@pytest.mark.parametrize(
    ("point", "script"),
    [("store.conclude.before_commit", ADVANCE), ("store.sweep.before_commit", SWEEP)],
)
def test_rel_02_killed_before_a_step_is_committed_nothing_is_half_done(machine: Machine, point: str, script: str):
    dossier = sent()
    dossier.steps.all().delete()
    Candidacy.objects.update(wakes_at=timezone.now() - timedelta(minutes=1))
    for _ in range(KILLS):
        assert machine.dies("-c", script, at=point)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.events.count(), Mail.objects.count()) == (Status.SUBMITTED, 0, 0)

    machine.runs("-c", script)
    machine.runs("-c", script)

    dossier.refresh_from_db()
    assert (dossier.status, dossier.events.count()) == (Status.ADMISSIBILITY, 1)
    assert Mail.objects.filter(template="dossier_checks_done").count() == 1
    assert [one for one in findings(at=timezone.now()) if one.name.startswith("store.") and one.count] == []


@pytest.mark.parametrize("point", ["store.mail.claimed", "store.mail.handed"])
def test_rel_08_killed_in_the_sending_a_mail_is_the_same_mail(machine: Machine, point: str):
    user = factories.publisher_user()
    telling.write(user_ids=[user.pk], template="reminder", key="k", facts={"number": "2026-0001"}, at=timezone.now())
    for _ in range(4):  # the fifth try is the last one
        assert machine.dies("-c", MAILS, at=point)

    machine.runs("-c", MAILS)

    mail = Mail.objects.get()
    taken = Counter(sent_by(machine.environment))
    assert (mail.state, set(taken)) == (Mail.State.SENT, {f"<{mail.id}@store.ens-portal>"})
    assert taken[f"<{mail.id}@store.ens-portal>"] == (1 if point == "store.mail.claimed" else 5)
