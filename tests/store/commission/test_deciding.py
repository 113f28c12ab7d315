"""The decision of the minister's delegate (RV-08, STO-60 to STO-62, decisions.md 26)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.audit.services import AuditEvent
from apps.common.dates import PARIS
from apps.files import services as files
from apps.files.models import StoredFile
from apps.store import subjects
from apps.store.models import Agreement, ConflictDeclaration, ConsentText, Decision, Mail
from apps.store.services import deciding, noticing
from apps.store.services.cases import NotAssignedError
from apps.store.services.errors import (
    ChangedError,
    ConflictOfInterestError,
    GuardError,
    SamePersonError,
    TransitionRefusedError,
    UnknownRowError,
    WrongValueError,
)
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store.commission import scenes
from tests.store.commission.scenes import REASONS
from tests.tagged_pdf import faults_of_pdf

pytestmark = pytest.mark.django_db


def act(what, by, dossier, *, reasons=REASONS, seen=0):
    return what(actor=scenes.at_work(by), candidacy_id=dossier.pk, reasons=reasons, seen=seen, at=NOON)


def content_of(row):
    stored = StoredFile.objects.get(pk=(row.vault_id, row.file_id))
    return files.read(stored)


class TestAccept:
    def test_sto_61_notice_and_agreement_in_one_transaction(self):
        dossier = scenes.opined(exchange="read")
        ConsentText.objects.create(
            candidacy=dossier, category="documents", direction="read", need="Suivi", access="API", retention="5 ans",
            security="x", text="Texte.", written_by=dossier.created_by, written_at=NOON,
        )  # fmt: skip
        who = scenes.delegate(dossier)
        row = act(deciding.accept, who, dossier)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.queue) == (Status.AGREEMENT, Queue.PUBLISHER)
        assert (row.kind, row.decided_by, row.notified_at, len(row.sha256)) == ("accept", who, NOON, 64)
        assert (row.assessor_id, row.second_reader_id) == (dossier.assessor_id, dossier.second_reader_id)
        assert faults_of_pdf(content_of(row)) == []
        made = Agreement.objects.get(candidacy=dossier)
        assert (made.reads, made.writes, made.years, made.signed_at) == (["documents"], [], 3, None)
        assert faults_of_pdf(content_of(made)) == []
        assert AuditEvent.objects.filter(action="store.decision.decide", target=f"decision:{row.pk}").count() == 1
        assert Mail.objects.filter(template="dossier_decide_accept").count() == 1

    @pytest.mark.parametrize("opinion", ["favorable", "reserves_non_suspensives"])
    def test_sto_61_any_favourable_opinion(self, opinion):
        dossier = scenes.opined(opinion)
        assert act(deciding.accept, scenes.delegate(dossier), dossier).kind == "accept"

    def test_sto_01_never_after_an_unfavourable_opinion(self):
        dossier = scenes.opined("defavorable")
        with pytest.raises(GuardError) as error:
            act(deciding.accept, scenes.delegate(dossier), dossier)
        assert error.value.missing == ("opinion-unfavourable",)
        assert Decision.objects.count() == Agreement.objects.count() == Mail.objects.count() == 0

    def test_sto_62_never_with_an_open_suspensive_reservation(self):
        dossier = scenes.opined("reserves_suspensives")
        scenes.reserved(dossier)
        with pytest.raises(GuardError) as error:
            act(deciding.accept, scenes.delegate(dossier), dossier)
        assert error.value.missing == ("reservations-open",)

    def test_sto_19_nobody_decides_about_what_they_judged_before_it_was_given_to_another(self):
        who = scenes.person(StaffRole.DELEGATE, StaffRole.ASSESSOR)
        dossier = scenes.opined()
        scenes.declared(dossier, who)
        dossier.judgements.create(criterion="CRI-ELI-01", version=1, verdict="conforme", by=who, at=NOON)
        with pytest.raises(SamePersonError, match="assessor"):
            act(deciding.accept, who, dossier)

    @pytest.mark.parametrize("part", ["assessor", "second_reader", "privacy_reader"])
    def test_sto_19_nobody_decides_about_what_they_judged(self, part):
        who = scenes.person(StaffRole.DELEGATE, StaffRole.ASSESSOR)
        dossier = scenes.opined(**{part: who})
        scenes.declared(dossier, who)
        for what in (deciding.accept, deciding.require_lift, deciding.propose_refusal):
            with pytest.raises(SamePersonError, match=part):
                act(what, who, dossier)
        assert Decision.objects.count() == 0

    @pytest.mark.parametrize("field", ["ground", "facts", "signatory"])
    def test_sto_11_no_decision_without_its_words(self, field):
        dossier = scenes.opined()
        with pytest.raises(WrongValueError, match=field):
            act(deciding.accept, scenes.delegate(dossier), dossier, reasons=replace(REASONS, **{field: " "}))

    def test_who_may_not(self):
        dossier = scenes.opined()
        for role in (StaffRole.DESK, StaffRole.ASSESSOR, StaffRole.SECRETARIAT, StaffRole.MEMBER, StaffRole.APPEALS):
            with pytest.raises(AccessDeniedError):
                act(deciding.accept, scenes.person(role), dossier)

    def test_rv_03_a_declaration_comes_first_and_a_link_shuts(self):
        dossier, who = scenes.opined(), scenes.person(StaffRole.DELEGATE)
        with pytest.raises(ConflictOfInterestError):
            act(deciding.accept, who, dossier)
        ConflictDeclaration.objects.create(candidacy=dossier, user=who, has_link=True, kind="parent", at=NOON)
        with pytest.raises(UnknownRowError):
            act(deciding.accept, who, dossier)

    def test_s34_a_stale_page_and_somebody_elses_turn(self):
        dossier = scenes.opined()
        who = scenes.delegate(dossier)
        with pytest.raises(ChangedError):
            act(deciding.accept, who, dossier, seen=3)
        dossier.assignee, dossier.assigned_at = scenes.person(StaffRole.DELEGATE), NOON
        dossier.save()
        with pytest.raises(NotAssignedError):
            act(deciding.accept, who, dossier)

    def test_not_in_another_turn(self):
        dossier = scenes.opined(queue=Queue.CONFIRMER)
        with pytest.raises(TransitionRefusedError):
            act(deciding.accept, scenes.delegate(dossier), dossier)


class TestRequireLift:
    def lift(self, due_on):
        dossier = scenes.opined("reserves_suspensives")
        scenes.reserved(dossier, due_on=due_on)
        act(deciding.require_lift, scenes.delegate(dossier), dossier)
        dossier.refresh_from_db()
        return dossier

    def test_sto_62_until_the_last_day_of_the_commission(self):
        dossier = self.lift(date(2026, 12, 31))
        assert (dossier.status, dossier.queue) == (Status.RESERVATIONS, Queue.PUBLISHER)
        assert dossier.due_at.astimezone(PARIS).strftime("%Y-%m-%d %H:%M") == "2026-12-31 23:59"
        assert dossier.decisions.get().notified_at == NOON

    @pytest.mark.parametrize("due_on", [date(2027, 6, 1), date(2026, 11, 20)])
    def test_sto_62_ninety_days_at_most(self, due_on):
        dossier = self.lift(due_on)
        assert dossier.due_at.astimezone(PARIS).date() == NOON.date() + timedelta(days=90)

    def test_only_where_something_is_open(self):
        dossier = scenes.opined()
        with pytest.raises(GuardError, match="reservations-none"):
            act(deciding.require_lift, scenes.delegate(dossier), dossier)


class TestRefusal:
    def test_decisions_26_one_person_only_proposes(self):
        dossier = scenes.opined("defavorable")
        row = act(deciding.propose_refusal, scenes.delegate(dossier), dossier)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.queue) == (Status.OPINION, Queue.CONFIRMER)
        assert dossier.reasons == ["refusal-proposed"]
        assert dossier.due_at.astimezone(PARIS).date() == date(2026, 12, 2), "five working days"
        assert (row.notified_at, row.file_id) == (None, None)
        assert not Mail.objects.exclude(template="review_turn").exists(), "nothing leaves"

    def test_nothing_is_notified_before_the_second_person(self):
        row = scenes.decision(scenes.opined("defavorable"))
        with pytest.raises(noticing.NotConfirmedError):
            noticing.notify(decision=row, at=NOON)
        assert StoredFile.objects.count() == 0


@pytest.mark.parametrize("kind", ["refuse", "suspend", "withdraw"])
def test_decisions_26_adverse_notices_wait_for_the_second_person(kind):
    row = scenes.decision(scenes.opined(), kind)
    with pytest.raises(noticing.NotConfirmedError):
        noticing.notify(decision=row, at=NOON)
    row.confirmed_by, row.confirmed_at = scenes.person(StaffRole.DELEGATE), NOON
    row.save()
    assert noticing.notify(decision=row, at=NOON).notified_at == NOON


@pytest.mark.parametrize("kind", ["inadmissible", "precaution", "lift", "formal_notice"])
def test_other_notices_leave_at_once_and_once(kind):
    row = scenes.decision(scenes.opined(), kind)
    noticing.notify(decision=row, at=NOON)
    file_id = row.file_id
    noticing.notify(decision=row, at=NOON + timedelta(days=1))
    assert (row.notified_at, row.file_id) == (NOON, file_id)
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    ("opinion", "reserves", "kinds"),
    [
        ("favorable", False, ("accept", "refuse")),
        ("reserves_non_suspensives", False, ("accept", "refuse")),
        ("reserves_suspensives", True, ("require_lift", "refuse")),
        ("reserves_suspensives", False, ("accept", "refuse")),
        ("defavorable", False, ("refuse",)),
    ],
)
def test_sto_61_what_an_opinion_leaves_open(opinion, reserves, kinds):
    dossier = scenes.opined(opinion)
    if reserves:
        scenes.reserved(dossier)
    assert deciding.possible(dossier, opinion=subjects.last_opinion(dossier)) == kinds


def test_without_an_opinion_only_a_refusal():
    assert deciding.possible(scenes.opined(), opinion=None) == ("refuse",)
