"""Appeals: answered by others, with reasons, as PDF (STO-45, STO-68, STO-69)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.files.models import StoredFile
from apps.store.models import Appeal, Mail
from apps.store.services import answering_appeals
from apps.store.services.errors import ChangedError, SamePersonError, UnknownRowError, WrongValueError
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes
from tests.tagged_pdf import faults_of_pdf

pytestmark = pytest.mark.django_db


def under_appeal(**values) -> Appeal:
    """A refusal that was confirmed and appealed against."""
    dossier = factories.candidacy(
        Status.APPEAL, assessor=scenes.person(), second_reader=scenes.person(), second_read_at=NOON,
        privacy_checked_at=NOON, privacy_reader=scenes.person(StaffRole.PRIVACY), **values,
    )  # fmt: skip
    row = scenes.decision(
        dossier, confirmed_by=scenes.person(StaffRole.DELEGATE), confirmed_at=NOON - timedelta(days=1),
        notified_at=NOON - timedelta(days=1),
    )  # fmt: skip
    return Appeal.objects.create(
        candidacy=dossier, decision=row, kind="gracieux", text="Le certificat est valable.", filed_at=NOON,
        filed_by=dossier.created_by, due_at=dossier.due_at, decided_by=row.decided_by, confirmed_by=row.confirmed_by,
    )  # fmt: skip


def officer(of: Appeal, *more: StaffRole):
    who = scenes.person(StaffRole.APPEALS, *more)
    scenes.declared(of.candidacy, who)
    return who


def answer(by, appeal, outcome="upheld", reasons="Le certificat est échu.", *, seen=0):
    return answering_appeals.answer(
        actor=scenes.at_work(by), candidacy_id=appeal.candidacy_id, outcome=outcome, reasons=reasons, seen=seen, at=NOON
    )


def test_sto_69_upheld_the_dossier_goes_back_to_the_state_that_was_appealed():
    appeal = under_appeal()
    who = officer(appeal)
    answer(who, appeal)
    appeal.refresh_from_db()
    dossier = appeal.candidacy
    assert (dossier.status, dossier.appealed_from, dossier.queue) == (Status.REFUSED, "", "")
    assert (appeal.outcome, appeal.handled_by, appeal.closed_at) == ("upheld", who, NOON)
    assert Mail.objects.filter(template="dossier_uphold").count() == 1


def test_sto_69_overturned_it_is_assessed_anew_with_new_readings():
    appeal = under_appeal()
    answer(officer(appeal), appeal, "overturned")
    dossier = appeal.candidacy
    dossier.refresh_from_db()
    assert (dossier.status, dossier.queue) == (Status.ASSESSMENT, Queue.ASSESSOR)
    assert dossier.reasons == ["appeal-overturned"]
    assert (dossier.second_read_at, dossier.privacy_checked_at) == (None, None)
    assert dossier.clock.filter(stopped_at=None).count() == 1


def test_the_answer_is_kept_for_publisher_and_back_office():
    appeal = under_appeal()
    who = officer(appeal)
    answer(who, appeal)
    member = factories.Member.objects.get(publisher=appeal.candidacy.publisher)
    given = {"candidacy_id": appeal.candidacy_id, "appeal_id": appeal.pk, "at": NOON}
    data = answering_appeals.open_answer(actor=factories.as_publisher(member), **given)
    assert faults_of_pdf(data) == []
    assert answering_appeals.open_answer(actor=scenes.at_work(who), **given) == data
    for actor in (factories.as_publisher(factories.member()), scenes.at_work(scenes.person(StaffRole.DESK))):
        with pytest.raises(UnknownRowError):
            answering_appeals.open_answer(actor=actor, **given)


def test_no_answer_to_open_before_it_is_given():
    appeal = under_appeal()
    with pytest.raises(UnknownRowError):
        answering_appeals.open_answer(
            actor=scenes.at_work(officer(appeal)), candidacy_id=appeal.candidacy_id, appeal_id=appeal.pk, at=NOON
        )


@pytest.mark.parametrize("part", ["decided_by", "confirmed_by"])
def test_sto_45_never_by_whoever_decided_or_confirmed(part):
    appeal = under_appeal()
    who = getattr(appeal, part)
    factories.people.StaffMembership.objects.create(
        user=who, role=StaffRole.APPEALS, started_at=NOON - timedelta(days=30)
    )
    scenes.declared(appeal.candidacy, who)
    with pytest.raises(SamePersonError):
        answer(who, appeal)
    assert Appeal.objects.get().closed_at is None
    assert StoredFile.objects.count() == 0


def test_sto_45_nor_by_those_who_judged():
    who = scenes.person(StaffRole.APPEALS, StaffRole.ASSESSOR)
    appeal = under_appeal()
    appeal.candidacy.assessor = who
    appeal.candidacy.save()
    scenes.declared(appeal.candidacy, who)
    with pytest.raises(SamePersonError, match="assessor"):
        answer(who, appeal)


@pytest.mark.parametrize(
    ("outcome", "reasons", "field"),
    [("silence", "x", "outcome"), ("", "x", "outcome"), ("upheld", " ", "reasons"), ("overturned", "", "reasons")],
)
def test_sto_69_an_answer_has_reasons(outcome, reasons, field):
    appeal = under_appeal()
    with pytest.raises(WrongValueError, match=field):
        answer(officer(appeal), appeal, outcome, reasons)


def test_refusals():
    appeal = under_appeal()
    with pytest.raises(AccessDeniedError):
        answer(scenes.person(StaffRole.DELEGATE), appeal)
    who = officer(appeal)
    with pytest.raises(ChangedError):
        answer(who, appeal, seen=4)
    Appeal.objects.update(closed_at=NOON, outcome="silence")
    with pytest.raises(UnknownRowError):
        answer(who, appeal)


def test_a_lapsed_dossier_has_no_decision():
    dossier = factories.candidacy(Status.APPEAL, appealed_from=Status.LAPSED)
    appeal = Appeal.objects.create(
        candidacy=dossier, kind="gracieux", text="x", filed_by=dossier.created_by, filed_at=NOON, due_at=dossier.due_at
    )
    answer(officer(appeal), appeal)
    dossier.refresh_from_db()
    assert dossier.status == Status.LAPSED


def test_s33_the_list_leaves_out_what_a_link_shuts():
    first, second = under_appeal(), under_appeal()
    who = scenes.person(StaffRole.APPEALS)
    factories.Candidacy.objects.filter(pk=first.candidacy_id).update(due_at=NOON + timedelta(days=1))
    waiting = answering_appeals.waiting(scenes.at_work(who))
    assert list(waiting) == [first.candidacy, second.candidacy]
    scenes.ReviewerTie.objects.create(user=who, siren=first.candidacy.publisher.siren, kind="x", since=NOON.date())
    assert list(answering_appeals.waiting(scenes.at_work(who))) == [second.candidacy]
