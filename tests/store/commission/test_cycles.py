"""A dossier that an appeal has opened anew: what the first decision led to counts no more (STO-61, STO-64, STO-69)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import StaffRole
from apps.store import subjects
from apps.store.models import Agreement, Candidacy, Listing, Signature
from apps.store.services import (
    agreeing,
    answering_appeals,
    countersigning,
    deciding,
    evidence_door,
    publishing,
    signing,
)
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes
from tests.store.commission.scenes import REASONS

pytestmark = pytest.mark.django_db


def lapsed() -> Candidacy:
    """Its agreement was signed by three, a suspensive reservation was never lifted, then it has lapsed."""
    dossier = factories.candidacy(
        Status.APPEAL, appealed_from=Status.LAPSED, assessor=scenes.person(), second_reader=scenes.person()
    )
    factories.three_records(dossier)
    scenes.reserved(dossier)
    scenes.reserved(dossier, is_suspensive=False)
    return dossier


def overturned(dossier: Candidacy) -> None:
    """The appeal is won; assessed and read again, it has a favourable opinion once more."""
    dossier.appeals.create(
        kind="gracieux", text="Nous étions prêts.", filed_at=NOON, filed_by=dossier.created_by, due_at=dossier.due_at
    )
    officer = scenes.person(StaffRole.APPEALS)
    scenes.declared(dossier, officer)
    answering_appeals.answer(
        actor=scenes.at_work(officer), candidacy_id=dossier.pk, outcome="overturned", reasons="Le délai était faux.",
        seen=0, at=NOON,
    )  # fmt: skip
    scenes.before(scenes.session(), dossier, opinion="favorable", quorum=7, opinion_at=NOON,
                  recorded_by=scenes.person(StaffRole.SECRETARIAT))  # fmt: skip
    Candidacy.objects.filter(pk=dossier.pk).update(
        status=Status.OPINION, queue=Queue.DELEGATE, assignee=None, assigned_at=None
    )
    dossier.refresh_from_db()


def accept(dossier: Candidacy) -> Agreement:
    deciding.accept(
        actor=scenes.at_work(scenes.delegate(dossier)), candidacy_id=dossier.pk, reasons=REASONS, seen=dossier.sequence,
        at=NOON + timedelta(hours=1),
    )  # fmt: skip
    dossier.refresh_from_db()
    return signing.agreement_of(dossier)


def test_sto_69_a_new_decision_has_an_agreement_of_its_own_that_the_same_people_sign():
    dossier = lapsed()
    before = dossier.agreements.get()
    desk = before.signatures.get(party="cnam").user
    overturned(dossier)
    made = accept(dossier)
    before.refresh_from_db()
    assert (before.superseded_at, made.superseded_at, made.signed_at) == (NOON, None, None)
    Candidacy.objects.filter(pk=dossier.pk).update(queue=Queue.DESK)
    scenes.declared(dossier, desk)
    countersigning.sign_for_state(
        actor=scenes.at_work(desk), candidacy_id=dossier.pk, party=Signature.Party.CNAM, name="Paul Rey, directeur",
        shown=(made.document_hash, dossier.sequence), at=NOON + timedelta(hours=2),
    )  # fmt: skip
    assert made.signatures.get().user == desk
    dossier.refresh_from_db()
    assert (dossier.status, dossier.queue) == (Status.AGREEMENT, Queue.DELEGATE)


def test_sto_61_reservations_of_the_first_opinion_keep_nothing_back():
    dossier = lapsed()
    overturned(dossier)
    assert evidence_door.open_reservations(dossier) == []
    assert deciding.possible(dossier, opinion=subjects.last_opinion(dossier))[0] == "accept"
    assert accept(dossier).candidacy.status == Status.AGREEMENT


def test_sto_64_signatures_of_the_first_agreement_publish_nothing():
    dossier = lapsed()
    overturned(dossier)
    accept(dossier)
    assert publishing.records_of(dossier).missing == ("signatures-missing",)


def test_sto_01_the_gate_wants_the_agreement_that_counts():
    listing = factories.listing()
    scenes.reserved(listing.candidacy, superseded_at=NOON)
    listing.save(update_fields=["agreement"])
    Agreement.objects.update(superseded_at=NOON)
    with pytest.raises(IntegrityError, match="store_listing_gate"), transaction.atomic():
        listing.save(update_fields=["agreement"])
    Agreement.objects.update(superseded_at=None)
    scenes.reserved(listing.candidacy)
    with pytest.raises(IntegrityError, match="store_listing_gate"), transaction.atomic():
        listing.save(update_fields=["agreement"])
    assert Listing.objects.count() == 1


def test_one_agreement_counts_at_most():
    dossier = factories.candidacy(Status.AGREEMENT)
    made = agreeing.make_agreement(candidacy=dossier, at=NOON)
    with pytest.raises(IntegrityError, match="store_agreement_one_a_candidacy"), transaction.atomic():
        Agreement.objects.create(candidacy=dossier, document_hash="b" * 64, vault_id=made.vault_id,
                                 file_id=made.file_id, years=3, made_at=NOON)  # fmt: skip
