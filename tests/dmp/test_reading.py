from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from apps.audit.services import events_of
from apps.dmp import services
from apps.dmp.models import Document, ReadMark
from apps.dmp.services import Deposit
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scan
from apps.files.models import StoredFile, Vault
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.rows import document
from tests.dmp.test_policies import DOCTOR
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def filed(space):
    """A document of one's own, clean and readable."""
    deposit = Deposit(data=Cda(patient=space.identity).data())
    row = services.deposit_document(actor=factories.system(space), deposit=deposit, at=NOON - timedelta(days=1))
    scan(vault_id=row.vault_id, file_id=row.file_id, scanner=EmbeddedScanner(), at=NOON)
    return row


def lines(space):
    return [(line.action, line.outcome, line.rule) for line in events_of(space.id) if line.at == NOON]


class TestOpen:
    def test_sec_13_reading_and_its_line_commit_together(self, space, filed):
        try:
            with transaction.atomic():
                services.open_document(actor=factories.holder(space), document_id=filed.id, at=NOON)
                raise InterruptedError
        except InterruptedError:
            pass
        assert lines(space) == []
        assert StoredFile.objects.get().read_count == 0

    def test_holder_reads_content_and_leaves_one_line(self, space, filed):
        reading = services.open_document(actor=factories.holder(space), document_id=filed.id, at=NOON)
        assert reading.cda.title == "Résultats de biologie"
        assert lines(space) == [("dmp.document.read", "permit", "ACC-37.holder")]
        assert StoredFile.objects.get().read_count == 1

    def test_d_01_new_is_kept_for_each_reader(self, space, filed):
        reader, other = factories.user(), factories.user()
        actor = factories.holder(space, user_id=reader.id)
        for _ in range(2):
            services.open_document(actor=actor, document_id=filed.id, at=NOON)
        assert ReadMark.objects.get().user_id == reader.id
        assert [Document.objects.unread_by(who.id).count() for who in (reader, other)] == [0, 1]

    def test_idn_53_refused_professional_leaves_a_denial_with_its_rule(self, space, filed):
        stranger = replace(
            DOCTOR, space_id=space.id, national_id="810990000026", rights=replace(DOCTOR.rights, consent_until=None)
        )
        with pytest.raises(services.DocumentNotFoundError):
            services.open_document(actor=stranger, document_id=filed.id, at=NOON)
        assert lines(space) == [("dmp.document.read", "deny", "ACC-02")]

    def test_acc_09_line_of_a_professional_keeps_the_version_of_the_matrix(self, space, filed):
        doctor = replace(
            DOCTOR, space_id=space.id, national_id="810990000026", rights=replace(DOCTOR.rights, matrix_version="v1")
        )
        services.open_document(actor=doctor, document_id=filed.id, at=NOON)
        assert events_of(space.id).filter(at=NOON).get().facts == {"mode": "NORMAL", "matrix": "v1", "content": True}

    def test_sec_05_refused_holder_leaves_no_hint(self, space):
        row = document(space, concealed_until=NOON + timedelta(days=3))
        with pytest.raises(services.DocumentNotFoundError):
            services.open_document(actor=factories.holder(space), document_id=row.id, at=NOON)
        assert lines(space) == []

    def test_dmp_65_document_deleted_by_its_author_is_withdrawn(self, space):
        row = document(space, availability=Document.Availability.DELETED)
        with pytest.raises(services.DocumentWithdrawnError):
            services.open_document(actor=factories.holder(space), document_id=row.id, at=NOON)

    def test_infected_file_is_never_read(self, space, filed):
        StoredFile.objects.update(state="infected")
        reading = services.open_document(actor=factories.holder(space), document_id=filed.id, at=NOON)
        assert (reading.data, reading.problem) == (None, "infected")

    @pytest.mark.parametrize("loss", ["object", "key"])
    def test_bytes_that_are_gone_are_said_to_be_gone(self, space, filed, loss):
        if loss == "object":
            StoredFile.objects.update(object_name="away")
        else:
            Vault.objects.update(wrapped_key=None, key_destroyed_at=NOON)
        reading = services.open_document(actor=factories.holder(space), document_id=filed.id, at=NOON)
        assert (reading.data, reading.problem) == (None, "gone")

    def test_download_has_an_action_of_its_own(self, space, filed):
        services.download_document(actor=factories.holder(space), document_id=filed.id, at=NOON)
        assert lines(space) == [("dmp.document.download", "permit", "ACC-37.holder")]
