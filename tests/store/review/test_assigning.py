"""Taking, assigning, giving back (RV-01, RV-03, S33, STO-19)."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.store.models import Appeal, Candidacy, Mail, ReviewerTie
from apps.store.services import assigning
from apps.store.services.errors import (
    ChangedError,
    ConflictOfInterestError,
    SamePersonError,
    TransitionRefusedError,
    UnknownRowError,
    WrongValueError,
)
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.rollout.racing import together
from tests.store import factories
from tests.store.commission import scenes
from tests.store.review import world

pytestmark = pytest.mark.django_db


def due_in(days: int, status: Status = Status.ASSESSMENT, **values) -> Candidacy:
    made = factories.candidacy(status, **values)
    Candidacy.objects.filter(pk=made.pk).update(due_at=NOON + timedelta(days=days))
    return made


def take(who, of) -> Candidacy:
    return assigning.take(actor=factories.at_work(who), candidacy_id=of.id, seen=of.sequence, at=NOON)


def give(by, of, to, reason="Absence", **values) -> Candidacy:
    given = {"actor": factories.at_work(by), "candidacy_id": of.id, "to": to and to.pk, "reason": reason, "at": NOON}
    return assigning.assign(**{**given, "seen": of.sequence, **values})


class TestNext:
    def test_due_first_of_ones_own_queues_that_nobody_has(self):
        sam, other = world.assessor(), world.assessor()
        due_in(9)
        wanted = due_in(4)
        due_in(1, assignee=other, assigned_at=NOON, assessor=other)
        due_in(2, Status.ADMISSIBILITY)  # of the desk
        taken = assigning.take_next(actor=factories.at_work(sam), at=NOON)
        wanted.refresh_from_db()
        assert taken == wanted
        assert (wanted.assignee_id, wanted.assessor_id, wanted.assigned_at) == (sam.pk, sam.pk, NOON)
        event = wanted.events.get()
        assert (event.event, event.rule, event.actor, event.facts) == (
            "hand_over", "RV-03", str(sam.pk), {"assignee": str(sam.pk)},
        )  # fmt: skip
        assert not Mail.objects.exists()  # nobody is told what they have just done

    def test_the_term_does_not_move(self):
        sam, wanted = world.assessor(), due_in(4)
        since = wanted.waits_since
        assigning.take_next(actor=factories.at_work(sam), at=NOON)
        wanted.refresh_from_db()
        assert (wanted.due_at, wanted.waits_since) == (NOON + timedelta(days=4), since)

    def test_nothing_waits(self):
        due_in(3, Status.READY)
        assert assigning.take_next(actor=factories.at_work(world.assessor()), at=NOON) is None

    def test_s33_never_one_of_a_linked_publisher(self):
        sam, dossier = world.assessor(), due_in(1)
        ReviewerTie.objects.create(user=sam, siren=dossier.publisher.siren, kind="salarié", since=date(2024, 1, 1))
        assert assigning.take_next(actor=factories.at_work(sam), at=NOON) is None

    def test_never_a_second_reading_of_ones_own_report(self):
        sam, ada = world.assessor(), world.assessor()
        dossier = due_in(1, queue=Queue.SECOND_READER, assessor=sam)
        assert assigning.take_next(actor=factories.at_work(sam), at=NOON) is None
        assert assigning.take_next(actor=factories.at_work(ada), at=NOON) == dossier

    def test_never_an_appeal_against_ones_own_decision(self):
        officer = factories.reviewer(StaffRole.APPEALS)
        dossier = due_in(1, Status.APPEAL)
        Appeal.objects.create(
            candidacy=dossier, kind="gracieux", text="Non.", filed_by=dossier.created_by, filed_at=NOON,
            due_at=NOON + timedelta(days=60), decided_by=officer,
        )  # fmt: skip
        assert assigning.take_next(actor=factories.at_work(officer), at=NOON) is None

    def test_sto_19_never_a_refusal_of_ones_own_to_confirm(self):
        claire, denis = factories.reviewer(StaffRole.DELEGATE), factories.reviewer(StaffRole.DELEGATE)
        dossier = due_in(1, Status.OPINION, queue=Queue.CONFIRMER)
        scenes.decision(dossier, decided_by=denis, returned_at=NOON, returned_by=claire)
        scenes.decision(dossier, decided_by=claire)
        assert assigning.take_next(actor=factories.at_work(claire), at=NOON) is None
        assert assigning.take_next(actor=factories.at_work(denis), at=NOON) == dossier

    def test_somebody_without_a_role_gets_nothing(self):
        with pytest.raises(AccessDeniedError):
            assigning.take_next(actor=factories.at_work(factories.reviewer(StaffRole.OPERATOR)), at=NOON)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_people_take_two_dossiers(self):
        people = [world.assessor(), world.assessor()]
        due_in(1)
        due_in(2)
        taken: list[Candidacy | None] = []
        works = [
            lambda who=who: taken.append(assigning.take_next(actor=factories.at_work(who), at=NOON)) for who in people
        ]
        together(*works)
        assert len({row.pk for row in taken if row}) == 2
        assert set(Candidacy.objects.values_list("assignee", flat=True)) == {who.pk for who in people}

    def test_one_that_somebody_is_taking_is_passed_over(self):
        held, free = due_in(1), due_in(2)
        locked, done = threading.Event(), threading.Event()

        def hold():
            try:
                with transaction.atomic():
                    Candidacy.objects.select_for_update(of=("self",)).get(pk=held.pk)
                    locked.set()
                    done.wait(20)
            finally:
                connection.close()

        holder = threading.Thread(target=hold)
        holder.start()
        locked.wait(20)
        try:
            assert assigning.take_next(actor=factories.at_work(world.assessor()), at=NOON) == free
        finally:
            done.set()
            holder.join()


class TestTake:
    def test_a_dossier_without_anybody(self):
        sam, dossier = world.privacy_reader(), due_in(1, queue=Queue.PRIVACY, assessor=world.assessor())
        assert take(sam, dossier).privacy_reader_id == sam.pk

    def test_of_another_role(self):
        with pytest.raises(AccessDeniedError):
            take(world.desk_officer(), due_in(1))

    def test_s34_from_an_old_page(self):
        sam, ada, dossier = world.assessor(), world.assessor(), due_in(1)
        take(ada, dossier)
        with pytest.raises(ChangedError) as told:
            take(sam, dossier)
        assert (told.value.actor, told.value.at) == (str(ada.pk), NOON)
        dossier.refresh_from_db()
        assert dossier.assignee_id == ada.pk

    def test_one_that_somebody_has(self):
        sam, ada = world.assessor(), world.assessor()
        with pytest.raises(WrongValueError):
            take(sam, world.assessment(ada))

    def test_nobody_of_ours_is_waited_for(self):
        with pytest.raises(TransitionRefusedError):
            take(world.assessor(), due_in(5, Status.COMPLEMENT))

    @pytest.mark.parametrize("part", ["assessor", "privacy_reader"])
    def test_three_readers_are_three_people(self, part):
        sam = factories.reviewer(StaffRole.ASSESSOR, StaffRole.PRIVACY)
        readers = {"assessor": world.assessor(), part: sam}
        with pytest.raises(SamePersonError) as told:
            take(sam, due_in(1, queue=Queue.SECOND_READER, **readers))
        assert told.value.part == part


class TestAssign:
    def test_to_a_colleague_who_is_told_once(self):
        sam, ada = world.assessor(), world.assessor()
        dossier = world.assessment(sam)
        give(sam, dossier, ada, "Congé de Sam")
        dossier.refresh_from_db()
        assert (dossier.assignee_id, dossier.assessor_id) == (ada.pk, ada.pk)
        assert dossier.events.get().reason == "Congé de Sam"
        mail = Mail.objects.get()
        assert (mail.user_id, mail.template) == (ada.pk, "review_turn")
        line = AuditEvent.objects.get(action="store.case.assign")
        assert line.facts["assignee"] == str(ada.pk)

    def test_back_to_everybody(self):
        sam, ada = world.assessor(), world.assessor()
        dossier = world.assessment(sam, second_reader=ada, second_read_at=NOON)
        give(sam, dossier, None)
        dossier.refresh_from_db()
        assert (dossier.assignee_id, dossier.assessor_id, dossier.assigned_at) == (None, None, None)
        assert (dossier.second_reader_id, dossier.second_read_at) == (None, None)
        assert not Mail.objects.exists()

    def test_s33_not_to_somebody_with_a_link_and_the_trail_says_so(self):
        sam, ada = world.assessor(), world.assessor()
        dossier = world.assessment(sam)
        ReviewerTie.objects.create(user=ada, siren=dossier.publisher.siren, kind="associée", since=date(2020, 1, 1))
        with pytest.raises(ConflictOfInterestError):
            give(sam, dossier, ada)
        dossier.refresh_from_db()
        assert (dossier.assignee_id, dossier.sequence) == (sam.pk, 0)
        line = AuditEvent.objects.get()
        assert (line.action, line.facts) == ("store.case.assign_refused", {"assignee": str(ada.pk)})

    def test_s33_not_to_somebody_who_declared_a_link(self):
        sam, ada = world.assessor(), world.assessor()
        dossier = world.assessment(sam)
        world.declared(dossier, ada, has_link=True)
        with pytest.raises(ConflictOfInterestError):
            give(sam, dossier, ada)

    def test_s33_the_linked_person_cannot_assign_it_either(self):
        sam, ada = world.assessor(), world.assessor()
        dossier = world.assessment(sam)
        world.declared(dossier, ada, has_link=True)
        with pytest.raises(UnknownRowError):
            give(ada, dossier, None)

    def test_a_reason_is_needed(self):
        sam = world.assessor()
        with pytest.raises(WrongValueError) as told:
            give(sam, world.assessment(sam), None, "  ")
        assert told.value.field == "reason"

    def test_only_to_people_of_the_role(self):
        sam = world.assessor()
        with pytest.raises(WrongValueError) as told:
            give(sam, world.assessment(sam), world.desk_officer())
        assert told.value.reason == "no-role"

    def test_not_to_the_second_reader(self):
        sam, ada = world.assessor(), world.assessor()
        dossier = world.assessment(sam, second_reader=ada)
        with pytest.raises(SamePersonError) as told:
            give(sam, dossier, ada)
        assert told.value.part == "second_reader"

    def test_by_somebody_without_the_role(self):
        sam = world.assessor()
        with pytest.raises(AccessDeniedError):
            give(world.desk_officer(), world.assessment(sam), None)

    def test_s34_from_an_old_page(self):
        sam = world.assessor()
        dossier = world.assessment(sam)
        with pytest.raises(ChangedError):
            give(sam, dossier, None, seen=7)


PARTS = {
    Queue.ASSESSOR: {"second_reader", "privacy_reader"},
    Queue.SECOND_READER: {"assessor", "privacy_reader", "judge"},
    Queue.PRIVACY: {"assessor", "second_reader", "judge"},
    Queue.DELEGATE: {"assessor", "second_reader", "privacy_reader", "judge"},
    Queue.CONFIRMER: {"assessor", "second_reader", "privacy_reader", "judge", "decided_by"},
    Queue.APPEALS: {"assessor", "second_reader", "privacy_reader", "judge", "decided_by", "confirmed_by"},
}
STAYS = {Queue.DELEGATE: Status.OPINION, Queue.CONFIRMER: Status.OPINION, Queue.APPEALS: Status.APPEAL}
EVERYBODY = (StaffRole.ASSESSOR, StaffRole.PRIVACY, StaffRole.DELEGATE, StaffRole.APPEALS)


@pytest.mark.parametrize("queue", PARTS)
def test_sto_19_taking_giving_and_being_offered_know_the_same_people(queue):
    names = {"assessor", "second_reader", "privacy_reader", "judge", "decided_by", "confirmed_by", "nobody"}
    people = {name: factories.reviewer(*EVERYBODY) for name in names}
    columns = {part: people[part] for part in ("assessor", "second_reader", "privacy_reader")}
    dossier = due_in(1, STAYS.get(queue, Status.ASSESSMENT), queue=queue, **columns)
    dossier.judgements.create(criterion="CRI-ELI-01", version=1, is_current=False, verdict="conforme",
                              by=people["judge"], at=NOON)  # fmt: skip
    refusal = scenes.decision(dossier, decided_by=people["decided_by"])
    if queue is Queue.APPEALS:
        Appeal.objects.create(
            candidacy=dossier, decision=refusal, kind="gracieux", text="Non.", filed_by=dossier.created_by,
            filed_at=NOON, due_at=NOON + timedelta(days=60), decided_by=people["decided_by"],
            confirmed_by=people["confirmed_by"],
        )  # fmt: skip
    offered = set(assigning.colleagues(dossier, at=NOON))
    assert {name for name, who in people.items() if who not in offered} == PARTS[queue]
    for name, who in people.items():
        with transaction.atomic():
            if name in PARTS[queue]:
                with pytest.raises(SamePersonError):
                    take(who, dossier)
                with pytest.raises(SamePersonError):
                    give(people["nobody"], dossier, who)
                assert assigning.take_next(actor=factories.at_work(who), at=NOON) is None
            else:
                assert assigning.take_next(actor=factories.at_work(who), at=NOON) == dossier
            transaction.set_rollback(True)


def test_colleagues_are_those_of_the_role_that_is_waited_for():
    sam, ada, eve = world.assessor(), world.assessor(), world.assessor()
    world.desk_officer()
    dossier = world.assessment(sam, second_reader=ada)
    assert set(assigning.colleagues(dossier, at=NOON)) == {sam, eve}
    assert not assigning.colleagues(due_in(4, Status.COMPLEMENT), at=NOON)
