"""Three signatures over one document (STO-06, STO-64, decisions.md 37)."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.access import AccessDeniedError
from apps.accounts.models import StaffRole
from apps.files.models import StoredFile
from apps.files.services import FileGoneError
from apps.store.models import Agreement, Candidacy, Member, Signature
from apps.store.services import acting, signing
from apps.store.services.errors import (
    ChangedError,
    NoMandateError,
    SamePersonError,
    TransitionRefusedError,
    UnknownRowError,
    WrongValueError,
)
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.evidence import world

pytestmark = pytest.mark.django_db
PDF = world.PDF + b"% convention"
HASH = hashlib.sha256(PDF).hexdigest()
Party = Signature.Party


@pytest.fixture
def pia() -> Member:
    return factories.member()


@pytest.fixture
def actor(pia):
    return factories.as_publisher(pia)


def to_sign(pia: Member, **values) -> Agreement:
    """A dossier whose agreement is drawn up; the mandate of its signatory is clean."""
    dossier = factories.candidacy(Status.AGREEMENT, by=pia, **values)
    mandate = world.in_vault(dossier, world.PDF)
    Member.objects.filter(pk=pia.pk).update(mandate_vault_id=mandate.vault_id, mandate_file_id=mandate.id)
    stored = world.in_vault(dossier, PDF)
    return Agreement.objects.create(
        candidacy=dossier, document_hash=HASH, vault_id=stored.vault_id, file_id=stored.id, years=3, made_at=NOON
    )


def signed_by_pia(agreement: Agreement, actor, **values) -> Signature:
    given = {"candidacy_id": agreement.candidacy_id, "document_hash": HASH, "seen": 0, "at": NOON}
    return signing.sign_for_publisher(actor=actor, **{**given, **values})


def sign(agreement: Agreement, party: Party, user, at=NOON) -> Signature:
    """As the services of the State do: the row is locked first."""
    agreement.candidacy = Candidacy.objects.select_related("service", "publisher").get(pk=agreement.candidacy_id)
    return signing.sign(agreement=agreement, party=party, user=user, name="Signataire", at=at)


class TestPublisher:
    def test_sto_64_the_signature_keeps_who_when_and_the_hash(self, actor, pia):
        agreement = to_sign(pia)
        made = signed_by_pia(agreement, actor)
        assert (made.party, made.user_id, made.name, made.document_hash, made.at) == (
            Party.PUBLISHER,
            pia.user_id,
            "Pia Lormont",
            HASH,
            NOON,
        )
        dossier = Candidacy.objects.get(pk=agreement.candidacy_id)
        assert (dossier.status, dossier.queue) == (Status.AGREEMENT, Queue.DESK)
        assert "store.agreement.sign" in world.actions(dossier)

    def test_a_document_other_than_the_one_shown_is_not_signed(self, actor, pia):
        agreement = to_sign(pia)
        with pytest.raises(WrongValueError) as refused:
            signed_by_pia(agreement, actor, document_hash="0" * 64)
        assert refused.value.field == "document_hash"
        assert not Signature.objects.exists()

    def test_the_stored_bytes_are_compared_with_the_hash(self, actor, pia):
        agreement = to_sign(pia)
        other = world.in_vault(agreement.candidacy, world.PDF)
        Agreement.objects.filter(pk=agreement.pk).update(file_id=other.id)
        with pytest.raises(WrongValueError):
            signed_by_pia(agreement, actor)
        StoredFile.objects.filter(id=other.id).delete()
        with pytest.raises(FileGoneError):
            signed_by_pia(agreement, actor)

    def test_only_a_signatory_signs(self, pia):
        agreement = to_sign(pia)
        marc = factories.as_publisher(world.colleague(pia, "Marc", "owner", "technical"))
        with pytest.raises(AccessDeniedError):
            signed_by_pia(agreement, marc)

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ({"mandate_until": date(2026, 11, 24)}, "mandate-over"),
            ({"mandate_until": None, "mandate_file_id": None, "mandate_vault_id": None}, "no-mandate"),
        ],
    )
    def test_sto_48_the_mandate_runs(self, actor, pia, values, reason):
        agreement = to_sign(pia)
        Member.objects.filter(pk=pia.pk).update(**values)
        with pytest.raises(NoMandateError) as refused:
            signed_by_pia(agreement, actor)
        assert refused.value.reason == reason

    def test_s34_a_stale_page_signs_nothing(self, actor, pia):
        agreement = to_sign(pia)
        with pytest.raises(ChangedError):
            signed_by_pia(agreement, actor, seen=4)

    def test_permission_lost_in_the_middle_signs_nothing(self, actor, pia):
        agreement = to_sign(pia)
        Member.objects.filter(pk=pia.pk).update(roles=["technical"])
        with pytest.raises(AccessDeniedError):
            signed_by_pia(agreement, actor)
        Member.objects.filter(pk=pia.pk).update(ended_at=NOON)
        with pytest.raises(AccessDeniedError):
            signed_by_pia(agreement, actor)

    def test_signing_twice_is_refused(self, actor, pia):
        agreement = to_sign(pia)
        signed_by_pia(agreement, actor)
        with pytest.raises(TransitionRefusedError):
            signed_by_pia(agreement, actor, seen=1)

    def test_without_an_agreement_there_is_nothing_to_sign(self, actor, pia):
        dossier = factories.candidacy(Status.AGREEMENT, by=pia)
        mandate = world.in_vault(dossier, world.PDF)
        Member.objects.filter(pk=pia.pk).update(mandate_vault_id=mandate.vault_id, mandate_file_id=mandate.id)
        with pytest.raises(UnknownRowError):
            signing.sign_for_publisher(actor=actor, candidacy_id=dossier.id, document_hash=HASH, seen=0, at=NOON)


class TestThree:
    @pytest.mark.parametrize(("exchange", "after"), [("none", Status.READY_TO_PUBLISH), ("read", Status.CONNECTION)])
    def test_sto_64_the_third_signature_makes_it_run(self, actor, pia, exchange, after):
        agreement = to_sign(pia, exchange=exchange)
        desk, delegate = factories.reviewer(StaffRole.DESK), factories.reviewer(StaffRole.DELEGATE)
        signed_by_pia(agreement, actor)
        sign(agreement, Party.CNAM, desk, NOON + timedelta(days=1))
        dossier = Candidacy.objects.get(pk=agreement.candidacy_id)
        assert (dossier.queue, Agreement.objects.get().signed_at) == (Queue.DELEGATE, None)
        sign(agreement, Party.MINISTER, delegate, NOON + timedelta(days=2))
        dossier.refresh_from_db()
        agreement.refresh_from_db()
        assert dossier.status == after
        assert (agreement.signed_at, agreement.starts_on, agreement.ends_on) == (
            NOON + timedelta(days=2),
            date(2026, 11, 27),
            date(2029, 11, 27),
        )

    def test_each_party_signs_in_its_turn(self, actor, pia):
        agreement = to_sign(pia)
        desk = factories.reviewer(StaffRole.DESK)
        for party in (Party.CNAM, Party.MINISTER):
            with pytest.raises(TransitionRefusedError):
                sign(agreement, party, desk)
        signed_by_pia(agreement, actor)
        with pytest.raises(TransitionRefusedError):
            sign(agreement, Party.MINISTER, desk)

    def test_three_parties_are_three_people(self, actor, pia):
        agreement = to_sign(pia)
        both = factories.reviewer(StaffRole.DESK, StaffRole.DELEGATE)
        signed_by_pia(agreement, actor)
        sign(agreement, Party.CNAM, both)
        with pytest.raises(SamePersonError):
            sign(agreement, Party.MINISTER, both)
        assert Signature.objects.count() == 2

    def test_the_table_itself_refuses_another_hash(self, actor, pia):
        agreement = to_sign(pia)
        with pytest.raises(IntegrityError), transaction.atomic():
            Signature.objects.create(
                agreement=agreement, party=Party.CNAM, user=pia.user, name="X", document_hash="0" * 64, at=NOON
            )

    def test_a_withdrawn_dossier_is_not_signed(self, pia):
        agreement = to_sign(pia)
        Candidacy.objects.filter(pk=agreement.candidacy_id).update(
            status=Status.ABANDONED, queue="", due_at=None, waits_since=None
        )
        with pytest.raises(TransitionRefusedError):
            sign(agreement, Party.PUBLISHER, pia.user)


def test_the_agreement_knows_the_locked_dossier(actor, pia):
    agreement = to_sign(pia)
    with transaction.atomic():
        dossier = acting.locked(actor, candidacy_id=agreement.candidacy_id)
        assert signing.agreement_of(dossier).candidacy is dossier
    assert signing.agreement_of(factories.candidacy(by=factories.member())) is None
