"""Declaring « aucun lien » or « lien » (RV-03, SEC-21, S33)."""

from __future__ import annotations

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.store.models import Candidacy, ConflictDeclaration
from apps.store.services import assigning, cases, conflicts, judging, reporting
from apps.store.services.errors import ConflictOfInterestError, UnknownRowError, WrongValueError
from apps.store.states import Queue, Status
from apps.store.transitions import GuardError
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.review import world

pytestmark = pytest.mark.django_db


def declare(who, of, *, has_link, kind="Ancien salarié"):
    return conflicts.declare(actor=factories.at_work(who), candidacy_id=of.id, has_link=has_link, kind=kind, at=NOON)


def test_no_link_opens_the_dossier():
    sam, dossier = world.assessor(), factories.candidacy(Status.ASSESSMENT)
    with pytest.raises(ConflictOfInterestError):
        cases.require_declared(dossier, user_id=sam.pk)
    assert declare(sam, dossier, has_link=False)
    cases.require_declared(dossier, user_id=sam.pk)
    row = ConflictDeclaration.objects.get()
    assert (row.has_link, row.kind) == (False, "")
    assert AuditEvent.objects.get().facts == {"link": False}


def test_s33_a_link_shuts_it_and_gives_it_back_to_the_queue():
    sam = world.assessor()
    dossier = factories.candidacy(Status.ASSESSMENT, assessor=sam, assignee=sam, assigned_at=NOON)
    dossier.clock.create(started_at=dossier.status_at)
    due_at = dossier.due_at
    assert not declare(sam, dossier, has_link=True)
    dossier.refresh_from_db()
    assert (dossier.assignee_id, dossier.assessor_id) == (None, None)
    assert (dossier.queue, dossier.due_at) == (Queue.ASSESSOR, due_at)
    assert not Candidacy.objects.visible_to(factories.at_work(sam)).exists()
    with pytest.raises(UnknownRowError):
        cases.case_for(actor=factories.at_work(sam), candidacy_id=dossier.id)
    with pytest.raises(UnknownRowError):
        declare(sam, dossier, has_link=False)  # it stays


def test_sto_18_it_shuts_and_gives_back_every_dossier_of_the_publisher():
    sam, by = world.assessor(), factories.member()
    one = factories.candidacy(Status.ASSESSMENT, by=by)
    other = factories.candidacy(Status.ASSESSMENT, by=by, queue=Queue.PRIVACY, assessor=world.assessor(),
                                second_reader=sam, second_read_at=NOON)  # fmt: skip
    elsewhere = world.assessment(sam)
    world.declared(other, sam)
    declare(sam, one, has_link=True)
    other.refresh_from_db()
    assert (other.queue, other.second_reader_id, other.second_read_at) == (Queue.SECOND_READER, None, None)
    assert factories.ids(Candidacy.objects.visible_to(factories.at_work(sam))) == [elsewhere.pk]


def test_a_link_needs_words():
    with pytest.raises(WrongValueError):
        declare(world.assessor(), factories.candidacy(Status.ASSESSMENT), has_link=True, kind=" ")


def test_a_link_of_the_assessor_undoes_the_readings_of_their_report():
    sam, ada, lea = world.assessor(), world.assessor(), world.privacy_reader()
    dossier = factories.candidacy(
        Status.ASSESSMENT, queue=Queue.PRIVACY, assessor=sam, second_reader=ada, second_read_at=NOON,
        privacy_reader=lea, assignee=lea, assigned_at=NOON,
    )  # fmt: skip
    world.declared(dossier, sam)
    declare(sam, dossier, has_link=True)
    dossier.refresh_from_db()
    assert (dossier.queue, dossier.assignee_id) == (Queue.ASSESSOR, None)
    assert (dossier.assessor_id, dossier.second_reader_id, dossier.privacy_reader_id) == (None, None, None)
    assert dossier.second_read_at is None


def test_sto_57_what_they_have_judged_is_judged_anew():
    sam, ada = world.assessor(), world.assessor()
    dossier = world.assessment(sam)
    world.judged(dossier)
    dossier.judgements.filter(criterion=world.GRID[0]).update(by=ada)
    declare(sam, dossier, has_link=True)
    assert [row.criterion for row in dossier.judgements.filter(is_current=True)] == [world.GRID[0]]
    assert dossier.judgements.count() == len(world.GRID), "every version is kept"

    world.declared(dossier, ada)
    dossier.refresh_from_db()
    assigning.take(actor=factories.at_work(ada), candidacy_id=dossier.id, seen=dossier.sequence, at=NOON)
    dossier.refresh_from_db()
    given = {"actor": factories.at_work(ada), "candidacy_id": dossier.id, "at": NOON}
    with pytest.raises(GuardError) as told:
        reporting.propose(text="Rien à redire.", seen=dossier.sequence, **given)
    assert told.value.missing == ("criteria-open",)
    made = judging.judge(criterion=world.GRID[1], opinion=judging.Opinion(verdict="conforme"), seen=0, **given)
    assert (made.version, made.is_current, made.by_id) == (2, True, ada.pk)


def test_after_the_assessment_the_verdicts_stand():
    sam = world.assessor()
    dossier = factories.candidacy(Status.READY, assessor=sam)
    world.judged(dossier)
    declare(sam, dossier, has_link=True)
    assert dossier.judgements.filter(is_current=True).count() == len(world.GRID)


def test_a_link_of_the_second_reader_asks_for_another_one():
    sam, ada = world.assessor(), world.assessor()
    dossier = factories.candidacy(
        Status.ASSESSMENT, queue=Queue.PRIVACY, assessor=sam, second_reader=ada, second_read_at=NOON
    )
    declare(ada, dossier, has_link=True)
    dossier.refresh_from_db()
    assert (dossier.queue, dossier.assessor_id) == (Queue.SECOND_READER, sam.pk)
    assert (dossier.second_reader_id, dossier.second_read_at) == (None, None)


def test_while_the_publisher_answers_the_assessor_is_only_taken_out():
    sam = world.assessor()
    dossier = factories.candidacy(Status.COMPLEMENT, assessor=sam)
    declare(sam, dossier, has_link=True)
    dossier.refresh_from_db()
    assert (dossier.assessor_id, dossier.queue, dossier.sequence) == (None, Queue.PUBLISHER, 0)


def test_after_the_assessment_it_is_history():
    sam = world.assessor()
    dossier = factories.candidacy(Status.READY, assessor=sam)
    declare(sam, dossier, has_link=True)
    dossier.refresh_from_db()
    assert dossier.assessor_id == sam.pk


def test_drafts_and_other_roles():
    with pytest.raises(UnknownRowError):
        declare(world.assessor(), factories.candidacy(), has_link=False)
    with pytest.raises(AccessDeniedError):
        declare(factories.reviewer(StaffRole.OPERATOR), factories.candidacy(Status.READY), has_link=False)


class TestMembersOfTheCommission:
    def test_see_what_stands_on_an_agenda(self):
        member = factories.reviewer(StaffRole.MEMBER)
        dossier = factories.candidacy(Status.READY)
        with pytest.raises(UnknownRowError):
            cases.case_for(actor=factories.at_work(member), candidacy_id=dossier.id)
        with pytest.raises(UnknownRowError):
            declare(member, dossier, has_link=False)
        factories.three_records(dossier)
        assert cases.case_for(actor=factories.at_work(member), candidacy_id=dossier.id) == dossier

    def test_others_need_no_agenda(self):
        member = factories.reviewer(StaffRole.MEMBER, StaffRole.DELEGATE)
        dossier = factories.candidacy(Status.READY)
        assert cases.case_for(actor=factories.at_work(member), candidacy_id=dossier.id) == dossier
