"""Files inside documents are prepared page by page, after the antivirus, whatever happens meanwhile (D-03, SEC-11)."""

from __future__ import annotations

import base64
import io
import json
import signal
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, transaction

from apps.dmp import services, tasks
from apps.dmp.jobs import preparing
from apps.dmp.models import PagePicture, Rendition
from apps.files.derived import read_derived
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scan
from apps.files.models import StoredFile, Vault
from apps.formats.decoding import DrawnPage, DrawnPicture, Reason, RefusedFileError
from tests import factories
from tests.dmp.factories import filed, level_one, with_file
from tests.dmp.paper import pdf_of, tiff_of
from tests.formats.sandbox.killing import first_child_ends_by
from tests.formats.small_cda import pdf
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return factories.space()


def run(row, **values):
    rendition = Rendition.objects.get(document_id=row.id)
    return preparing.prepare(space_id=row.space_id, rendition_id=rendition.id, clock=lambda: NOON, **values)


def state_of(row):
    rendition = Rendition.objects.get(document_id=row.id)
    return rendition.state, rendition.pages_made, rendition.pages, rendition.reason


def pages_stored():
    return list(PagePicture.objects.order_by("page", "-width").values_list("page", "width"))


class TestPlan:
    @pytest.mark.parametrize(
        ("declared", "data", "planned"),
        [
            ("application/pdf", pdf_of("a"), ["application/pdf"]),
            ("image/tiff", tiff_of(1), ["image/tiff"]),
            ("text/rtf", b"{\\rtf1 a}", ["text/rtf"]),
            ("text/plain", b"shown as it is", []),
            ("application/pdf", b"<html>", []),  # DMP-105: the type lies, only a download
            ("application/octet-stream", b"MZ\x00", []),
        ],
    )
    def test_dmp_105_what_can_be_shown_waits_from_the_deposit_on(self, space, declared, data, planned):
        with_file(space, declared, data)

        assert list(Rendition.objects.values_list("media_type", flat=True)) == planned

    def test_the_same_document_twice_is_planned_once(self, space):
        data = level_one(space, media_type="application/pdf", base64=base64.b64encode(pdf_of("a")).decode())
        filed(space, data=data)
        filed(space, data=data)

        assert Rendition.objects.count() == 1

    def test_a_refused_deposit_plans_nothing(self, space):
        data = level_one(space, media_type="application/pdf", base64="JVBERi0=", number="999999999999999")
        with pytest.raises(services.DepositRefusedError):
            filed(space, data=data)

        assert not Rendition.objects.exists()


class TestPlanAgain:
    def test_documents_from_before_are_planned_once(self, space):
        for number, data in enumerate((pdf_of("a"), tiff_of(1)), start=1):
            with_file(space, "application/pdf" if number == 1 else "image/tiff", data, unique_id=f"1.2.{number}")
        Rendition.objects.all().delete()
        filed(space, unique_id="1.2.3")  # nothing inside
        with_file(space, "application/pdf", pdf_of("b"), unique_id="1.2.4")  # planned already
        files_read = StoredFile.objects.filter(read_count__gt=0)

        said = [run_command(), run_command()]
        assert said == ["2 files planned", "0 files planned"]
        assert Rendition.objects.count() == 3
        assert not files_read.exists()

    def test_what_is_not_clean_or_lost_is_left(self, space):
        rows = [with_file(space, "application/pdf", pdf_of("a"), unique_id=f"1.2.{number}") for number in (1, 2)]
        Rendition.objects.all().delete()
        StoredFile.objects.filter(id=rows[0].file_id).update(state="infected")
        default_storage.delete(StoredFile.objects.get(id=rows[1].file_id).object_name)

        assert run_command() == "0 files planned"


def run_command():
    out = io.StringIO()
    call_command("dmp_prepare", stdout=out)
    return out.getvalue().splitlines()[0]


class TestQueue:
    @pytest.fixture
    def commits(self, django_capture_on_commit_callbacks):
        return django_capture_on_commit_callbacks

    def test_rel_03_the_antivirus_tells_when_a_file_can_be_prepared(self, space, queue, commits):
        with commits(execute=True):
            row = with_file_unscanned(space)
        assert [message.task for message in queue()] == ["files.scan"]

        with commits(execute=True):
            scan(vault_id=row.vault_id, file_id=row.file_id, scanner=EmbeddedScanner(), at=NOON)
        told = queue()[-1]
        assert (told.task, told.queue) == ("dmp.prepare", "scan")
        assert told.ids == {"space_id": str(space.id), "rendition_id": str(Rendition.objects.get().id)}

    def test_rel_03_the_sweep_finds_what_the_queue_forgot(self, space):
        row = with_file(space, "application/pdf", pdf_of("a"))
        rendition = Rendition.objects.get(document_id=row.id)

        assert preparing.due(at=rendition.created_at) == []
        assert preparing.due(at=rendition.created_at + timedelta(minutes=1)) == [(space.id, rendition.id)]
        run(row)
        assert preparing.due(at=NOON + timedelta(days=1)) == []

    def test_the_task_prepares(self, space):
        row = with_file(space, "application/pdf", pdf_of("a"))
        tasks.prepare(space_id=str(space.id), rendition_id=str(Rendition.objects.get().id), a_later_argument=1)

        assert state_of(row) == ("ready", 1, 1, "")

    def test_the_sweep_queues(self, space, queue, commits):
        with_file(space, "application/pdf", pdf_of("a"))
        with commits(execute=True):
            tasks.sweep()

        assert queue()[-1].task == "dmp.prepare"


class TestPages:
    def test_every_page_in_two_widths_and_the_text_encrypted_in_the_vault_of_the_space(self, space):
        row = with_file(space, "application/pdf", pdf_of("Page une", "Page deux, été"))

        assert run(row) == "ready"
        rendition = Rendition.objects.select_related("text__vault").get()
        assert pages_stored() == [(1, 1440), (1, 720), (2, 1440), (2, 720)]
        assert json.loads(read_derived(rendition.text)) == ["Page une", "Page deux, été"]
        assert set(StoredFile.objects.values_list("vault__owner_kind", "vault__owner_id", "state")) == {
            (Vault.Owner.SPACE, space.id, "clean")
        }
        for file in StoredFile.objects.all():
            with default_storage.open(file.object_name) as stored:
                content = stored.read()
            assert b"JFIF" not in content
            assert b"Page" not in content

    def test_every_frame_of_a_tiff_is_a_page_without_text(self, space):
        row = with_file(space, "image/tiff", tiff_of(2))
        run(row)

        assert list(PagePicture.objects.order_by("page").values_list("page", "width", "height")) == [
            (1, 60, 81),
            (2, 60, 82),
        ]
        assert Rendition.objects.get().text_id is None

    def test_s05_of_an_rtf_the_text_is_kept(self, space):
        row = with_file(space, "text/rtf", rb"{\rtf1\ansi f\'e9vrier}")

        assert run(row) == "ready"
        assert json.loads(read_derived(Rendition.objects.select_related("text__vault").get().text)) == ["février"]
        assert pages_stored() == []

    def test_dmp_106_what_was_seen_in_the_pdf_is_kept_with_the_refusal(self, space):
        row = with_file(space, "application/pdf", pdf("/OpenAction<</S/JavaScript/JS(app.alert(1))>>"))

        assert run(row) == "refused"
        rendition = Rendition.objects.get()
        assert (rendition.reason, rendition.warnings) == ("active", ["javascript", "open-action"])
        assert pages_stored() == []

    def test_running_twice_is_running_once(self, space):
        row = with_file(space, "application/pdf", pdf_of("a", "b"))
        run(row)
        files = StoredFile.objects.count()

        assert run(row) == "ready"
        assert StoredFile.objects.count() == files == 1 + 1 + 4

    def test_an_unknown_row_is_nothing(self, space):
        assert preparing.prepare(space_id=space.id, rendition_id=space.id, clock=lambda: NOON) is None


class TestTrouble:
    def test_sec_11_nothing_is_opened_before_the_antivirus(self, space, monkeypatch):
        row = with_file_unscanned(space)
        monkeypatch.setattr(preparing, "open_file", lambda *_args: pytest.fail("opened"))

        assert run(row) == "waiting"
        assert Rendition.objects.get().attempts == 0

    def test_sec_11_an_infected_document_is_never_opened(self, space, monkeypatch):
        row = with_file_unscanned(space)
        StoredFile.objects.update(state="infected", scanned_at=NOON)
        monkeypatch.setattr(preparing, "open_file", lambda *_args: pytest.fail("opened"))

        assert run(row) == "waiting"
        assert services.renditions_of(document=row) == {}

    def test_rel_02_a_run_goes_on_where_the_last_one_stopped(self, space):
        row = with_file(space, "application/pdf", pdf_of("a", "b", "c"))
        assert run(row, seconds=0) == "waiting"
        assert state_of(row) == ("waiting", 0, 3, "")  # opened, not drawn

        rendition = Rendition.objects.get()
        with closing_after(1):
            run(row)
        assert state_of(row)[:3] == ("waiting", 1, 3)
        assert run(row) == "ready"
        assert pages_stored() == [(page, width) for page in (1, 2, 3) for width in (1440, 720)]
        assert Rendition.objects.get().opened_at == rendition.opened_at

    @pytest.mark.parametrize(
        ("place", "times"),
        [
            ("dmp.prepare.claimed", 1),
            ("dmp.prepare.opened", 1),
            *(("dmp.prepare.page", number) for number in (1, 2, 3)),
        ],
    )
    def test_rel_02_killed_anywhere_the_next_run_ends_the_work(self, space, monkeypatch, place, times):
        row = with_file(space, "application/pdf", pdf_of("a", "b", "c"))
        seen = []

        def dies(name):
            seen.append(name)
            if seen.count(name) == times and name == place:
                raise Killed

        monkeypatch.setattr(preparing, "reach", dies)
        with pytest.raises(Killed):
            run(row)
        monkeypatch.undo()

        assert run(row) == "ready"
        assert pages_stored() == [(page, width) for page in (1, 2, 3) for width in (1440, 720)]
        assert StoredFile.objects.count() == 1 + 1 + 6

    def test_rel_02_a_page_that_another_run_has_made_is_not_made_again(self, space, monkeypatch):
        row = with_file(space, "application/pdf", pdf_of("a", "b"))
        real = preparing.draw_pages

        def overtaken(*arguments, **values):
            monkeypatch.setattr(preparing, "draw_pages", real)
            pages = list(real(*arguments, **values))
            run(row)  # the faster one
            yield from pages

        monkeypatch.setattr(preparing, "draw_pages", overtaken)
        assert run(row) == "ready"
        assert len(pages_stored()) == 4

    def test_rel_07_a_page_that_ends_the_child_refuses_the_file_with_the_reason(self, space, monkeypatch):
        row = with_file(space, "application/pdf", pdf_of("a", "b"))

        def slow(_data, _media_type, *, first, last):
            if first == 1:
                yield DrawnPage(number=1, pictures=(DrawnPicture(width=2, height=2, data=b"\xff\xd8\xff"),))
            raise RefusedFileError(Reason.TOO_SLOW)

        monkeypatch.setattr(preparing, "draw_pages", slow)
        assert run(row) == "refused"
        assert state_of(row) == ("refused", 1, 2, "too-slow")

    def test_rel_07_five_runs_that_end_on_the_same_page_are_enough(self, space):
        row = with_file(space, "application/pdf", pdf_of("a"))
        for number in range(5):
            Rendition.objects.update(attempts=number)
            assert Rendition.objects.get().is_waiting
        Rendition.objects.update(attempts=5)

        assert run(row) == "refused"
        assert state_of(row)[3] == "damaged"

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
    def test_rel_02_a_decoder_that_the_machine_ends_leaves_the_file_to_the_next_run(self, space, number):
        row = with_file(space, "application/pdf", pdf_of("une", "deux"))

        with first_child_ends_by(number):
            assert run(row) == "waiting"
        assert preparing.due(at=NOON) == []
        assert len(preparing.due(at=NOON + preparing.LEASE)) == 1
        assert run(row) == "ready"

    def test_a_lost_content_is_a_reason(self, space):
        row = with_file(space, "application/pdf", pdf_of("a"))
        default_storage.delete(StoredFile.objects.get().object_name)

        assert run(row) == "refused"
        assert state_of(row)[3] == "lost"

    def test_rel_13_a_store_that_is_away_is_not_the_fault_of_the_file(self, space, monkeypatch):
        row = with_file(space, "application/pdf", pdf_of("a"))

        def away(_file):
            raise preparing.StoreUnavailableError

        monkeypatch.setattr(preparing, "bytes_of", away)
        assert run(row) == "waiting"
        assert Rendition.objects.get().attempts == 0

    @pytest.mark.parametrize(
        "values",
        [
            {"state": "ready", "ended_at": NOON},  # not opened
            {"state": "refused", "ended_at": NOON},  # no reason
            {"reason": "damaged"},  # not refused
            {"ended_at": NOON},  # waits and has ended
            {"pages": 1, "pages_made": 2},
        ],
    )
    def test_the_database_refuses_states_that_cannot_be(self, space, values):
        with_file(space, "application/pdf", pdf_of("a"))

        with pytest.raises(IntegrityError), transaction.atomic():
            Rendition.objects.update(**values)


class Killed(BaseException):
    """What no code of ours may catch."""


def with_file_unscanned(space):
    data = level_one(space, media_type="application/pdf", base64=base64.b64encode(pdf_of("a")).decode())
    return filed(space, data=data, scanned=False)


class closing_after:  # noqa: N801  reads as a phrase
    """The clock of the run says, after so many pages, that its time is over."""

    def __init__(self, pages):
        self.pages = pages

    def __enter__(self):
        self.real = preparing.monotonic
        seen = iter([0.0, 0.0] + [0.0] * (self.pages - 1))
        preparing.monotonic = lambda: next(seen, 1e9)

    def __exit__(self, *_error):
        preparing.monotonic = self.real
