"""The words of a document are indexed once it is clean and its files were looked at, whatever happens meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from apps.dmp import services, tasks
from apps.dmp.jobs import indexing
from apps.dmp.models import Document, Rendition, Wording
from apps.files.blind import words_of_vault
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scan
from apps.files.models import StoredFile, Vault
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.factories import filed, prepared, with_file
from tests.dmp.paper import pdf_of
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return factories.space()


def run(row, at=NOON):
    return indexing.index(space_id=row.space_id, document_id=row.id, clock=lambda: at)


def wording_of(row):
    return Wording.objects.get(space_id=row.space_id, document_id=row.id)


def text_of(row):
    wording = wording_of(row)
    return words_of_vault(Vault.objects.get()).unseal(bytes(wording.sealed), bound_to=wording.bound_to)


def holds(row, stem):
    return words_of_vault(Vault.objects.get()).mark(stem) in wording_of(row).marks


def test_the_narrative_is_indexed_and_sealed(space):
    row = filed(space, text="Glycémie à jeun : 5,2")
    assert run(row) is True
    assert "Glycémie à jeun : 5,2" in text_of(row)
    assert holds(row, "GLYCEM")
    assert not holds(row, "CHOLESTEROL")
    wording = wording_of(row)
    assert (wording.due_at, wording.made_at, wording.attempts) == (None, NOON, 0)


def test_sec_22_no_word_of_the_text_stands_in_the_database(space):
    row = filed(space, text="Oligodendrogliome")
    run(row)
    with connection.cursor() as cursor:
        cursor.execute("SELECT w::text FROM dmp_wording AS w")
        stored = cursor.fetchone()[0].casefold()
    assert "oligodendr" not in stored
    assert b"oligodendr".hex() not in stored


def test_a_pdf_waits_until_it_was_looked_at_then_its_text_is_there(space):
    row = with_file(space, "application/pdf", pdf_of("Fibroscopie normale", "Page deux"))
    assert run(row) is False
    assert indexing.due(at=NOON + timedelta(days=1)) == []
    prepared(row)
    assert indexing.due(at=NOON) == [(space.id, row.id)]
    assert run(row) is True
    assert holds(row, "FIBROSCOP")
    assert "Page deux" in text_of(row)


def test_a_damaged_pdf_keeps_nobody_waiting(space):
    row = with_file(space, "application/pdf", pdf_of("a"))
    Rendition.objects.update(state=Rendition.State.REFUSED, reason="damaged", ended_at=NOON)
    assert run(row) is True
    assert (wording_of(row).marks, wording_of(row).sealed) == ("", None)


def test_nothing_is_read_before_the_antivirus_check(space):
    row = filed(space, scanned=False)
    assert run(row) is False
    assert wording_of(row).attempts == 0
    scan(vault_id=row.vault_id, file_id=row.file_id, scanner=EmbeddedScanner(), at=NOON)
    assert run(row) is True


def test_rel_01_a_second_run_changes_nothing(space):
    row = filed(space)
    run(row)
    before = Wording.objects.values().get()
    assert run(row, NOON + timedelta(hours=1)) is False
    assert Wording.objects.values().get() == before


def test_rel_02_a_run_that_died_is_taken_up_after_its_lease(space):
    row = filed(space)
    indexing._claim(space.id, row.id, NOON)
    assert indexing.due(at=NOON) == []
    later = NOON + indexing.LEASE
    assert indexing.due(at=later) == [(space.id, row.id)]
    assert run(row, later) is True


def test_rel_07_five_runs_that_die_are_enough(space):
    row = filed(space)
    for _ in range(indexing.TRIES):
        indexing._claim(space.id, row.id, NOON)
    assert run(row) is False
    assert (wording_of(row).due_at, wording_of(row).made_at) == (None, NOON)


def test_a_store_that_is_away_is_not_the_documents_fault(space, monkeypatch):
    row = filed(space)

    def away(*_args, **_kwargs):
        raise ConnectionError

    monkeypatch.setattr(default_storage, "open", away)
    assert run(row) is False
    assert wording_of(row).attempts == 0
    monkeypatch.undo()
    assert run(row, NOON + indexing.LEASE) is True


def test_lost_bytes_leave_an_empty_index(space):
    row = filed(space)
    default_storage.delete(StoredFile.objects.get(id=row.file_id).object_name)
    assert run(row) is True
    assert wording_of(row).sealed is None


def test_work_asked_for_meanwhile_is_not_lost(space):
    row = filed(space)
    claimed = indexing._claim(space.id, row.id, NOON)
    Wording.objects.update(due_at=NOON)
    assert indexing._keep(claimed, indexing.Content(text="texte"), NOON) is False
    assert run(row) is True


def test_dmp_06_what_its_author_took_back_is_found_no_more(space):
    data = Cda(patient=space.identity).data()
    row = filed(space, data=data)
    run(row)
    services.withdraw_document(actor=factories.system(space), request=data, at=NOON)
    assert not Wording.objects.exists()


def test_documents_of_before_are_planned_by_the_command(space):
    filed(space)
    Wording.objects.all().delete()
    call_command("dmp_prepare")
    call_command("dmp_prepare")
    assert Wording.objects.get().document_id == Document.objects.get().id


class TestQueue:
    @pytest.fixture
    def commits(self, django_capture_on_commit_callbacks):
        return django_capture_on_commit_callbacks

    def index_of(self, queue):
        return [(message.queue, message.ids) for message in queue() if message.task == "dmp.index"]

    def test_rel_03_a_clean_document_is_queued(self, space, queue, commits):
        with commits(execute=True):
            row = filed(space)
        told = {"space_id": str(space.id), "document_id": str(row.id)}
        assert self.index_of(queue) == [("scan", told)]

    def test_rel_03_the_sweep_finds_what_the_queue_lost(self, space, queue, commits):
        row = filed(space)
        Wording.objects.update(due_at=NOON)
        with commits(execute=True):
            tasks.sweep()
        assert self.index_of(queue) == [("scan", {"space_id": str(space.id), "document_id": str(row.id)})]

    def test_rel_03_a_file_that_was_looked_at_queues_its_document(self, space, queue, commits):
        row = with_file(space, "application/pdf", pdf_of("a"))
        with commits(execute=True):
            tasks.prepare(space_id=str(space.id), rendition_id=str(Rendition.objects.get().id))
        assert self.index_of(queue) == [("scan", {"space_id": str(space.id), "document_id": str(row.id)})]
