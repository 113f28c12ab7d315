"""Verdicts, versions, complements (RV-04, RV-06, S34, STO-55, STO-56)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.store.jobs import sweeping
from apps.store.models import Judgement, Mail, Request
from apps.store.services import asking, judging
from apps.store.services.asking import Ask
from apps.store.services.cases import NotAssignedError
from apps.store.services.errors import (
    ChangedError,
    ConflictOfInterestError,
    GuardError,
    UnknownRowError,
    WrongValueError,
)
from apps.store.services.judging import Opinion
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.rollout.racing import together
from tests.store import factories
from tests.store.review import world

pytestmark = pytest.mark.django_db
Verdict = Judgement.Verdict
CODE = world.GRID[0]
OTHER = world.GRID[1]
FINE = Opinion(verdict=Verdict.CONFORM)


def judge(who, of, opinion=FINE, *, code=CODE, seen=0, at=NOON):
    return judging.judge(
        actor=factories.at_work(who), candidacy_id=of.id, criterion=code, opinion=opinion, seen=seen, at=at
    )


def ask(who, of, items, *, days=30, text="", seen=None):
    wanted = Ask(kind=Request.Kind.COMPLEMENT, text=text, days=days, items=items)
    given = {"actor": factories.at_work(who), "candidacy_id": of.id, "ask": wanted, "at": NOON}
    return asking.ask_complements(**given, seen=of.sequence if seen is None else seen)


class TestVerdict:
    def test_every_version_is_kept_one_is_current(self):
        sam = world.assessor()
        dossier = world.assessment(sam)
        judge(sam, dossier)
        judge(sam, dossier, Opinion(verdict=Verdict.RESERVATION, note="À préciser."), seen=1)
        rows = list(dossier.judgements.order_by("version").values_list("version", "verdict", "is_current"))
        assert rows == [(1, "conforme", False), (2, "reserve", True)]
        facts = AuditEvent.objects.filter(action="store.criterion.judge").order_by("-at", "-id").first().facts
        assert facts["criterion"] == CODE

    def test_the_same_words_again_make_no_version(self):
        sam = world.assessor()
        dossier = world.assessment(sam)
        assert judge(sam, dossier) == judge(sam, dossier, seen=1)
        assert dossier.judgements.count() == 1

    def test_s34_somebody_was_quicker(self):
        sam, ada = world.assessor(), world.assessor()
        dossier = world.assessment(sam)
        Judgement.objects.create(
            candidacy=dossier, criterion=CODE, version=1, verdict="conforme", by=ada, at=NOON - timedelta(hours=1)
        )
        with pytest.raises(ChangedError) as told:
            judge(sam, dossier, Opinion(verdict=Verdict.NOT_CONFORM, note="Non."))
        assert (told.value.actor, told.value.at) == (str(ada.pk), NOON - timedelta(hours=1))
        assert dossier.judgements.get().verdict == "conforme"

    @pytest.mark.parametrize("verdict", [Verdict.NOT_CONFORM, Verdict.RESERVATION, Verdict.INCOMPLETE])
    def test_l10_a_verdict_against_the_publisher_has_words(self, verdict):
        sam = world.assessor()
        with pytest.raises(WrongValueError):
            judge(sam, world.assessment(sam), Opinion(verdict=verdict, note="  "))

    def test_an_unknown_canned_reason(self):
        sam = world.assessor()
        with pytest.raises(WrongValueError):
            judge(sam, world.assessment(sam), Opinion(verdict=Verdict.CONFORM, reason="x"))

    def test_a_criterion_that_does_not_apply(self):
        sam = world.assessor()
        with pytest.raises(UnknownRowError):
            judge(sam, world.assessment(sam), code=world.UNFIT)

    def test_only_whoever_has_it_in_this_turn(self):
        sam, ada = world.assessor(), world.assessor()
        dossier = world.assessment(sam)
        world.declared(dossier, ada)
        with pytest.raises(NotAssignedError):
            judge(ada, dossier)
        second = factories.candidacy(
            Status.ASSESSMENT,
            queue=Queue.SECOND_READER,
            assessor=sam,
            second_reader=ada,
            assignee=ada,
            assigned_at=NOON,
        )
        world.declared(second, ada)
        with pytest.raises(NotAssignedError):
            judge(ada, second)

    def test_not_before_the_declaration(self):
        sam = world.assessor()
        dossier = factories.candidacy(Status.ASSESSMENT, assessor=sam, assignee=sam, assigned_at=NOON)
        with pytest.raises(ConflictOfInterestError):
            judge(sam, dossier)

    def test_permission_lost_in_the_middle(self):
        sam = world.assessor()
        dossier = world.assessment(sam)
        sam.staff_memberships.update(ended_at=NOON)
        with pytest.raises(AccessDeniedError):
            judge(sam, dossier)
        with pytest.raises(AccessDeniedError):
            judge(factories.reviewer(StaffRole.DESK), dossier)


@pytest.mark.django_db(transaction=True)
def test_s34_two_verdicts_at_once_one_is_kept():
    sam = world.assessor()
    dossier = world.assessment(sam)
    refused = []

    def say(opinion):
        try:
            judge(sam, dossier, opinion)
        except ChangedError as error:
            refused.append(error)

    together(lambda: say(FINE), lambda: say(Opinion(verdict=Verdict.NOT_CONFORM, note="Non.")))
    assert len(refused) == 1
    assert dossier.judgements.count() == 1


class TestComplements:
    def test_their_clock_starts_ours_stops_one_mail(self):
        sam = world.assessor()
        dossier = world.assessment(sam)
        world.judged(dossier, **{CODE.replace("-", "_"): "a_completer"})
        made = ask(sam, dossier, {CODE: "Datez le document."}, text="Bonjour,", days=15)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.queue, dossier.rounds) == (Status.COMPLEMENT, Queue.PUBLISHER, 1)
        assert dossier.due_at == made.due_at == datetime(2026, 12, 10, 22, 59, 59, tzinfo=UTC)  # 23:59:59 in Paris
        assert dossier.clock.get().stopped_at == NOON
        item = made.items.get()
        assert (item.criterion, item.text, made.round, made.kind) == (CODE, "Datez le document.", 1, "complement")
        assert list(Mail.objects.values_list("template", flat=True)) == ["dossier_ask"]

    @pytest.mark.parametrize(
        ("items", "days", "field"),
        [({}, 30, "items"), ({CODE: "x"}, 20, "days"), ({OTHER: "x"}, 30, "items")],
    )
    def test_what_does_not_fit(self, items, days, field):
        sam = world.assessor()
        dossier = world.assessment(sam)
        world.judged(dossier, **{CODE.replace("-", "_"): "a_completer"})
        with pytest.raises(WrongValueError) as told:
            ask(sam, dossier, items, days=days)
        assert told.value.field == field

    def test_sto_55_not_a_fourth_time(self):
        sam = world.assessor()
        dossier = world.assessment(sam, rounds=3)
        world.judged(dossier, **{CODE.replace("-", "_"): "a_completer"})
        with pytest.raises(GuardError) as told:
            ask(sam, dossier, {CODE: "Encore."})
        assert told.value.missing == ("three-rounds",)
        assert not Request.objects.exists()

    def test_s34_from_an_old_page(self):
        sam = world.assessor()
        dossier = world.assessment(sam)
        with pytest.raises(ChangedError):
            ask(sam, dossier, {CODE: "x"}, seen=9)
        assert not Mail.objects.exists()

    def test_sto_56_silence_makes_it_not_compliant(self):
        sam = world.assessor()
        dossier = world.assessment(sam)
        world.judged(dossier, **{CODE.replace("-", "_"): "a_completer"})
        made = ask(sam, dossier, {CODE: "Datez le document."})
        sweeping.sweep(at=made.due_at + timedelta(minutes=1))
        sweeping.sweep(at=made.due_at + timedelta(minutes=2))
        dossier.refresh_from_db()
        assert (dossier.status, dossier.queue, dossier.assignee_id) == (Status.ASSESSMENT, Queue.ASSESSOR, sam.pk)
        said = dossier.judgements.get(criterion=CODE, is_current=True)
        assert (said.verdict, said.by_timeout, said.version) == (Verdict.NOT_CONFORM, True, 2)
