"""Signatures of the State and connection tests (RV-15, STO-64, STO-65, decisions.md 37)."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.common.dates import PARIS
from apps.store import clocks
from apps.store.models import Agreement, CandidacyEvent, Signature
from apps.store.services import agreeing, connecting, countersigning
from apps.store.services.connecting import Result
from apps.store.services.errors import SamePersonError, TransitionRefusedError, UnknownRowError, WrongValueError
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import consent_text
from tests.store.commission import scenes

pytestmark = pytest.mark.django_db
Party = Signature.Party


def drawn_up(queue: Queue, **values) -> tuple[Agreement, list]:
    """An agreement in somebody's turn, with somebody of the desk and a delegate who have declared no link."""
    dossier = factories.candidacy(Status.AGREEMENT, queue=queue, **values)
    desk, delegate = scenes.person(StaffRole.DESK), scenes.person(StaffRole.DELEGATE)
    scenes.declared(dossier, desk, delegate)
    return agreeing.make_agreement(candidacy=dossier, at=NOON), [desk, delegate]


def sign(by, made, party, *, name="Paul Rey, directeur", shown=None):
    return countersigning.sign_for_state(
        actor=scenes.at_work(by), candidacy_id=made.candidacy_id, party=party, name=name,
        shown=shown or (made.document_hash, Agreement.objects.get(pk=made.pk).candidacy.sequence), at=NOON,
    )  # fmt: skip


class TestDrawingUp:
    def test_made_once(self):
        dossier = factories.candidacy(Status.AGREEMENT)
        made = agreeing.make_agreement(candidacy=dossier, at=NOON)
        again = agreeing.make_agreement(candidacy=dossier, at=NOON + timedelta(days=1))
        assert (again.pk, again.made_at) == (made.pk, NOON)

    @pytest.mark.parametrize(
        ("exchange", "reads", "writes"),
        [("read", ["mesures"], []), ("write", [], ["agenda"]), ("none", [], []),
         ("read_write", ["mesures"], ["agenda"])],
    )  # fmt: skip
    def test_sto_06_a_direction_that_was_given_up_grants_nothing(self, exchange, reads, writes):
        dossier = factories.candidacy(Status.AGREEMENT, exchange=exchange)
        consent_text(dossier, "mesures", "read")
        consent_text(dossier, "agenda", "write")
        made = agreeing.make_agreement(candidacy=dossier, at=NOON)
        assert (made.reads, made.writes) == (reads, writes)


class TestSigning:
    @pytest.mark.parametrize(("exchange", "status"), [("read", "accrochage"), ("none", "pret_publication")])
    def test_sto_64_the_third_signature_makes_it_run_for_three_years(self, exchange, status):
        made, (desk, delegate) = drawn_up(Queue.DESK, exchange=exchange)
        Signature.objects.create(
            agreement=made, party="editeur", user=made.candidacy.created_by, name="Pia", at=NOON,
            document_hash=made.document_hash,
        )  # fmt: skip
        sign(desk, made, Party.CNAM)
        made.candidacy.refresh_from_db()
        assert (made.candidacy.status, made.candidacy.queue) == (Status.AGREEMENT, Queue.DELEGATE)
        sign(delegate, made, Party.MINISTER)
        made.refresh_from_db()
        assert made.candidacy.status == status
        assert (made.signed_at, made.starts_on, made.ends_on) == (NOON, date(2026, 11, 25), date(2029, 11, 25))
        names = Signature.objects.filter(agreement=made).values_list("name", flat=True)
        assert sorted(names) == ["Paul Rey, directeur", "Paul Rey, directeur", "Pia"]

    def test_each_role_signs_for_its_party(self):
        made, (desk, delegate) = drawn_up(Queue.DESK)
        with pytest.raises(AccessDeniedError):
            sign(delegate, made, Party.CNAM)
        with pytest.raises(AccessDeniedError):
            sign(desk, made, Party.MINISTER)
        with pytest.raises(TransitionRefusedError):
            sign(delegate, made, Party.MINISTER)
        assert Signature.objects.count() == 0

    def test_decisions_37_only_the_document_that_was_shown(self):
        made, (desk, _delegate) = drawn_up(Queue.DESK)
        with pytest.raises(WrongValueError, match="other-document"):
            sign(desk, made, Party.CNAM, shown=(hashlib.sha256(b"autre").hexdigest(), 0))
        with pytest.raises(WrongValueError, match="name"):
            sign(desk, made, Party.CNAM, name=" ")

    def test_three_people(self):
        made, (desk, _delegate) = drawn_up(Queue.DESK)
        Signature.objects.create(
            agreement=made, party="ministre", user=desk, name="x", at=NOON, document_hash=made.document_hash
        )
        with pytest.raises(SamePersonError):
            sign(desk, made, Party.CNAM)

    def test_no_agreement_no_signature(self):
        dossier = factories.candidacy(Status.AGREEMENT, queue=Queue.DESK)
        desk = scenes.person(StaffRole.DESK)
        scenes.declared(dossier, desk)
        with pytest.raises(UnknownRowError):
            countersigning.sign_for_state(
                actor=scenes.at_work(desk), candidacy_id=dossier.pk, party=Party.CNAM, name="x", shown=("a", 0), at=NOON
            )


class TestConnectionTests:
    def dossier(self, **values):
        made = factories.candidacy(Status.CONNECTION, exchange="read", **values)
        desk = scenes.person(StaffRole.DESK)
        scenes.declared(made, desk)
        return made, desk

    def record(self, by, dossier, *, has_passed=True, build="4.2.1", note="Six scénarios joués."):
        result = Result(has_passed=has_passed, build=build, note=note)
        return connecting.record_tests(
            actor=scenes.at_work(by), candidacy_id=dossier.pk, result=result, seen=dossier.sequence, at=NOON
        )

    def test_sto_65_passed_the_service_can_be_published(self):
        dossier, desk = self.dossier()
        event = self.record(desk, dossier)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.queue) == (Status.READY_TO_PUBLISH, Queue.DESK)
        assert (event.facts, event.reason) == ({"build": "4.2.1"}, "Six scénarios joués.")

    def test_sto_65_failures_do_not_prolong_the_six_months(self):
        dossier, desk = self.dossier()
        ends = clocks.last_second(date(2027, 4, 30))
        CandidacyEvent.objects.create(
            candidacy=dossier, sequence=99, event="signed", before="convention", after="accrochage", by="signataires",
            actor="x", at=NOON - timedelta(days=20), queue="editeur", due_at=ends,
        )  # fmt: skip
        self.record(desk, dossier, has_passed=False)
        dossier.refresh_from_db()
        assert (dossier.status, dossier.queue, dossier.due_at) == (Status.CONNECTION, Queue.PUBLISHER, ends)
        assert [event.event for event in connecting.results_of(dossier)] == ["tests_failed"]

    def test_without_its_history_the_term_stays(self):
        dossier, desk = self.dossier()
        had = dossier.due_at
        self.record(desk, dossier, has_passed=False)
        dossier.refresh_from_db()
        assert dossier.due_at == had
        assert had.astimezone(PARIS).hour == 23

    @pytest.mark.parametrize(("build", "note"), [("", "x"), ("4.2", " ")])
    def test_a_build_and_a_note(self, build, note):
        dossier, desk = self.dossier()
        with pytest.raises(WrongValueError):
            self.record(desk, dossier, build=build, note=note)

    def test_only_the_desk_and_only_there(self):
        dossier, _desk = self.dossier()
        with pytest.raises(AccessDeniedError):
            self.record(scenes.person(StaffRole.DELEGATE), dossier)
        other, desk = factories.candidacy(Status.AGREEMENT), scenes.person(StaffRole.DESK)
        scenes.declared(other, desk)
        with pytest.raises(TransitionRefusedError):
            self.record(desk, other)
