"""Pictures of a published page: drawn anew, once, whatever happens to the worker; never the bytes that were sent."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from apps.files.derived import read_derived
from apps.files.models import StoredFile
from apps.formats.decoding import DecoderLostError
from apps.store.jobs import picturing
from apps.store.models import Evidence, Picture
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.evidence import world

pytestmark = pytest.mark.django_db
PLACE = 0x8825  # EXIF: where it was taken


class Killed(BaseException):
    """Stands for the end of the process."""


def photo(width: int, height: int) -> bytes:
    """A JPEG that says where it was taken."""
    out, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(PLACE)[1] = "N"
    Image.new("RGB", (width, height), "green").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def pia():
    return factories.member()


@pytest.fixture
def dossier(pia):
    return factories.candidacy(by=pia)


@pytest.fixture
def logo(pia, dossier):
    actor = factories.as_publisher(pia)
    return world.added(actor, dossier, data=world.png(1024), name="logo.png", use="logo", title="Logo")


def run(at=NOON, **values) -> int:
    return picturing.make_due(clock=lambda: at, **values)


def drawn(picture: Picture) -> Image.Image:
    picture.refresh_from_db()
    stored = StoredFile.objects.select_related("vault").get(pk=(picture.evidence.vault_id, picture.file_id))
    return Image.open(io.BytesIO(read_derived(stored)))


class TestMaking:
    def test_sto_84_a_logo_is_small_and_a_screenshot_as_wide_as_a_screen(self, pia, dossier, logo):
        shot = world.added(
            factories.as_publisher(pia), dossier, data=photo(2880, 1620), name="a.jpg", use="screenshot",
            title="Courbe", alternative="Courbe de tension",
        )  # fmt: skip
        assert picturing.plan(dossier, at=NOON) == 2
        assert run() == 2
        assert sorted(Picture.objects.values_list("evidence", "width", "height")) == sorted(
            [(logo.pk, 720, 720), (shot.pk, 1440, 810)]
        )

    def test_sec_11_nothing_of_the_file_that_was_sent_is_left(self, pia, dossier):
        data = photo(640, 640)
        world.added(factories.as_publisher(pia), dossier, data=data, name="a.jpg", use="logo", title="Logo")
        picturing.plan(dossier, at=NOON)
        run()
        made = drawn(Picture.objects.get())
        assert made.format == "JPEG"
        assert PLACE in Image.open(io.BytesIO(data)).getexif()
        assert dict(made.getexif()) == {}

    def test_other_pieces_and_those_taken_out_are_not_drawn(self, pia, dossier, logo):
        world.added(factories.as_publisher(pia), dossier, title="Rapport")
        logo.removed_at, logo.removed_by = NOON, logo.added_by
        logo.save()
        assert picturing.plan(dossier, at=NOON) == 0
        assert run() == 0

    def test_twice_is_once(self, dossier, logo):
        picturing.plan(dossier, at=NOON)
        picturing.plan(dossier, at=NOON)
        assert [run(), run()] == [1, 0]
        assert StoredFile.objects.count() == 2


class TestTrouble:
    @pytest.fixture(autouse=True)
    def planned(self, dossier, logo):
        picturing.plan(dossier, at=NOON)

    def test_rel_02_killed_at_work_the_next_run_after_the_lease_ends_it(self, monkeypatch):
        def dies(_name):
            raise Killed

        monkeypatch.setattr(picturing, "reach", dies)
        with pytest.raises(Killed):
            run()
        monkeypatch.undo()
        assert run(NOON + timedelta(minutes=4)) == 0, "somebody is at it"
        assert run(NOON + timedelta(minutes=5)) == 1

    def test_rel_07_what_ends_the_child_five_times_is_given_up(self, monkeypatch):
        def lost(*_args, **_values):
            raise DecoderLostError
            yield

        monkeypatch.setattr(picturing, "draw_pages", lost)
        for minutes in range(0, 35, 5):
            run(NOON + timedelta(minutes=minutes))
        picture = Picture.objects.get()
        assert (picture.attempts, picture.refused, picture.file_id) == (6, "damaged", None)

    def test_a_file_that_is_no_picture_is_refused_at_once(self, logo):
        Evidence.objects.filter(pk=logo.pk).update(media_type="application/pdf")
        assert run() == 0
        assert Picture.objects.get().refused == "damaged"

    def test_rel_02_another_run_that_was_faster_is_not_overwritten(self, monkeypatch):
        real = picturing.draw_pages

        def overtaken(*args, **values):
            monkeypatch.setattr(picturing, "draw_pages", real)
            pages = list(real(*args, **values))
            assert run(NOON + timedelta(minutes=6)) == 1
            yield from pages

        monkeypatch.setattr(picturing, "draw_pages", overtaken)
        assert run() == 0
        assert StoredFile.objects.count() == 2
