"""Pages of PDF and TIFF files as pictures with their text (D-03, D-04, SEC-08, SEC-13)."""

from __future__ import annotations

import base64
import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from apps.audit.services import content_readings, events_of
from apps.dmp.models import Document, PagePicture, Rendition
from apps.files.models import StoredFile
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.factories import delegate_of, filed, holder_of, prepared, representative_of, with_file
from tests.dmp.pages import main_of, title_of, words_of
from tests.dmp.paper import pdf_of, tiff_of
from tests.formats.small_cda import pdf, png
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def row(space):
    """A document of two pages, ready."""
    return prepared(with_file(space, "application/pdf", pdf_of("Page une <b>", "Page deux")))


def detail(row):
    return reverse("dmp:document_detail", args=[row.space_id, row.id])


def picture(row, number=0, page=1, width=1440):
    return reverse("dmp:page_picture", args=[row.space_id, row.id, number, page, width])


def pages(row, number=1):
    return reverse("dmp:document_pages", args=[row.space_id, row.id, number])


def lines(space):
    return list(
        events_of(space.id)
        .filter(outcome="permit")
        .exclude(action="dmp.document.deposit")
        .values_list("action", flat=True)
    )


def attached(space, data, media_type="application/pdf"):
    """A document with sections and one file beside them."""
    written = Cda(patient=space.identity).data().decode()
    value = f'<value mediaType="{media_type}" representation="B64">{base64.b64encode(data).decode()}</value>'
    entry = f'<entry><observationMedia classCode="OBS" moodCode="EVN" ID="M1">{value}</observationMedia></entry>'
    text = '<text>Voir<renderMultiMedia referencedObject="M1"><caption>Courbe</caption></renderMultiMedia></text>'
    written = re.sub(r"<text>.*?</text>", lambda _found: text, written).replace("</section>", f"{entry}</section>")
    return filed(space, data=written.encode())


class TestDetail:
    def test_pages_stand_in_the_document_with_their_text(self, space, row):
        content = main_of(holder_of(space).client.get(detail(row)))

        assert f'src="{picture(row)}" srcset="{picture(row)} 1440w, {picture(row, width=720)} 720w"' in content
        assert "Page 1 sur 2" in content
        assert "Page une &lt;b&gt;" in content
        assert 'alt="Page 2 sur 2, en image"' in content
        assert content.count('loading="lazy"') == 1  # all but the first
        assert content.count("Lire le texte") == 2

    def test_a_picture_without_text_says_so(self, space):
        row = prepared(with_file(space, "image/tiff", tiff_of(3)))
        words = words_of(holder_of(space).client.get(detail(row)))

        assert "3 pages" in words
        assert words.count("Cette page ne contient pas de texte") == 3

    def test_while_pages_are_made_the_page_says_how_far_and_offers_the_file(self, space):
        row = with_file(space, "application/pdf", pdf_of("a"))
        client = holder_of(space).client
        words = words_of(client.get(detail(row)))
        assert "En préparation. Ce fichier est en cours de préparation." in words
        assert "Actualiser" in words
        assert "Télécharger le fichier" in words

        Rendition.objects.update(pages=30, pages_made=3, opened_at=NOON)
        assert "3 sur 30 sont prêtes" in words_of(client.get(detail(row)))

    @pytest.mark.parametrize(
        ("reason", "words"),
        [
            ("encrypted", "protégé par un mot de passe"),
            ("active", "contient des éléments actifs"),
            ("damaged", "endommagé"),
            ("too-slow", "prend trop de temps"),
            ("too-large", "trop volumineux"),
            ("too-many-pages", "plus de 500 pages"),
            ("nothing", "rien à afficher"),
            ("lost", "introuvable"),
            ("of-tomorrow", "endommagé"),
        ],
    )
    def test_dmp_106_a_refusal_has_its_reason_and_the_download(self, space, reason, words):
        row = with_file(space, "application/pdf", pdf_of("a"))
        Rendition.objects.update(state="refused", reason=reason, ended_at=NOON)
        response = holder_of(space).client.get(detail(row))

        assert words in words_of(response)
        assert reverse("dmp:attachment_file", args=[space.id, row.id, 0]) in main_of(response)
        assert "<img" not in main_of(response)

    def test_twenty_pages_a_view_and_links_to_the_others(self, space):
        row = prepared(with_file(space, "image/tiff", tiff_of(45)))
        client = holder_of(space).client

        content = main_of(client.get(detail(row)))
        assert content.count("<figure") == 20
        assert f'href="{detail(row)}?page=21#pages-0">Pages 21 à 40</a>' in content
        assert '<strong aria-current="page">Pages 1 à 20</strong>' in content
        assert main_of(client.get(detail(row), {"page": "41"})).count("<figure") == 5
        assert main_of(client.get(detail(row), {"page": "9999"})).count("<figure") == 5
        for odd in ("0", "-1", "x", "١", "99999", "1e3"):
            assert "Page 1 sur 45" in main_of(client.get(detail(row), {"page": odd}))

    def test_the_same_number_of_queries_for_one_and_for_thirty_pages(self, space):
        client = holder_of(space).client
        small, large = (
            prepared(with_file(space, "image/tiff", tiff_of(number), unique_id=f"1.2.{number}")) for number in (1, 30)
        )
        for row in (small, large):
            client.get(detail(row))  # the read marks

        with CaptureQueriesContext(connection) as first:
            client.get(detail(small))
        with CaptureQueriesContext(connection) as second:
            client.get(detail(large))
        assert len(first) == len(second)

    def test_a_text_that_is_lost_leaves_the_pictures(self, space, row):
        text = Rendition.objects.get().text_id
        default_storage.delete(StoredFile.objects.get(id=text).object_name)
        response = holder_of(space).client.get(detail(row))

        assert main_of(response).count("<figure") == 2
        assert "Le texte de ce fichier est introuvable" in words_of(response)


class TestAttachments:
    def test_a_pdf_beside_the_text_is_read_on_a_page_of_its_own(self, space):
        row = prepared(attached(space, pdf_of("Copie du compte rendu")))
        client = holder_of(space).client

        assert f'href="{pages(row)}"' in main_of(client.get(detail(row)))
        response = client.get(pages(row))
        assert "Copie du compte rendu" in words_of(response)
        assert "Pièce jointe 1" in words_of(response)
        assert title_of(response).startswith("Pièce jointe 1 – Résultats de biologie du 18")

    def test_dmp_90_a_pdf_stands_above_the_structured_content_as_another_form(self, space):
        row = prepared(attached(space, pdf_of("Copie du compte rendu")))
        client = holder_of(space).client
        words = words_of(client.get(detail(row)))
        assert words.index("Contenu structuré PDF (pièce jointe 1)") < words.index("BIOCHIMIE")

        Rendition.objects.update(state="refused", reason="active", ended_at=NOON)
        assert "Contenu structuré" not in words_of(client.get(detail(row)))

    def test_sec_11_a_picture_in_the_text_is_the_one_that_we_drew(self, space):
        row = attached(space, png(), "image/png")
        client = holder_of(space).client
        assert "<img" not in main_of(client.get(detail(row)))
        assert "Ce fichier est en cours de préparation" in words_of(client.get(detail(row)))

        content = main_of(client.get(detail(prepared(row))))
        assert f'src="{picture(row, number=1, width=2)}" alt="Courbe" width="2" height="2"' in content
        assert "data:" not in content

    def test_dmp_106_a_pdf_that_acts_is_only_offered(self, space):
        row = prepared(attached(space, pdf("/Names<</EmbeddedFiles<</Names[]>>>>")))
        response = holder_of(space).client.get(detail(row))

        assert "Ce PDF contient des éléments actifs" in words_of(response)
        assert pages(row) not in main_of(response)

    def test_a_number_that_is_not_in_the_document_is_not_found(self, space, row):
        client = holder_of(space).client

        assert client.get(pages(row, number=7)).status_code == 404
        assert client.get(pages(row, number=0)).status_code == 200


class TestPicture:
    def test_sec_08_our_pictures_and_nothing_else_are_inline(self, space, row):
        response = holder_of(space).client.get(picture(row))

        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["Content-Disposition"] == "inline"
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store, private"
        assert Image.open(io.BytesIO(response.content)).size == (1440, 2038)

    def test_sec_13_the_pictures_of_a_reading_leave_no_line_of_their_own(self, space, row):
        client = holder_of(space).client
        client.get(detail(row))
        for page in (1, 2):
            assert client.get(picture(row, page=page)).status_code == 200

        assert lines(space) == ["dmp.document.read"]
        assert content_readings([space.id]) == {space.id: 1}
        assert StoredFile.objects.get(id=row.file_id).read_count == 1

    def test_sec_13_a_picture_without_a_reading_is_a_reading(self, space, row):
        assert holder_of(space).client.get(picture(row)).status_code == 200

        assert lines(space) == ["dmp.document.read"]
        assert StoredFile.objects.get(id=row.file_id).read_count == 1

    def test_sec_13_the_reading_of_another_person_or_of_another_hour_does_not_count(self, space, row):
        holder_of(space).client.get(detail(row))
        representative_of(space).client.get(picture(row))
        assert len(lines(space)) == 2

        with time_machine.travel(NOON + timedelta(hours=1, seconds=1), tick=False):
            holder_of(space).client.get(picture(row))
        assert len(lines(space)) == 3

    @pytest.mark.parametrize("values", [{"page": 3}, {"page": 0}, {"width": 1441}, {"number": 1}, {"width": 10**30}])
    def test_what_is_not_there_is_not_found(self, space, row, values):
        assert holder_of(space).client.get(picture(row, **values)).status_code == 404
        assert lines(space) == []

    def test_sec_01_who_may_not_see_the_document_does_not_see_its_pages(self, space, row):
        Document.objects.filter(id=row.id).update(kept_from_representatives=True)
        other = factories.space()

        for client in (representative_of(space).client, delegate_of(space).client):
            assert client.get(picture(row)).status_code == 404
            assert client.get(pages(row, number=0)).status_code == 404
        assert holder_of(other).client.get(picture(row)).status_code == 404
        in_other = reverse("dmp:page_picture", args=[other.id, row.id, 0, 1, 1440])
        assert holder_of(other).client.get(in_other).status_code == 404
        assert holder_of(space).client.get(picture(row)).status_code == 200

    def test_acc_34_pages_of_what_is_not_announced_are_seen_by_nobody_of_the_holders_side(self, space, row):
        Document.objects.filter(id=row.id).update(concealed_until=NOON + timedelta(seconds=1))

        for person_of in (holder_of, representative_of, delegate_of):
            client = person_of(space).client
            assert [client.get(one).status_code for one in (picture(row), pages(row, number=0))] == [404, 404]
        assert lines(space) == []

    @pytest.mark.parametrize("state", ["infected", "waiting"])
    def test_sec_11_pages_of_a_document_that_is_not_clean_any_more_are_not_shown(self, space, row, state):
        client = holder_of(space).client
        scanned_at = None if state == "waiting" else NOON
        StoredFile.objects.filter(id=row.file_id).update(state=state, scanned_at=scanned_at)

        assert client.get(picture(row)).status_code == 404
        assert client.get(pages(row, number=0)).status_code == 404
        assert "<img" not in main_of(client.get(detail(row)))

    def test_dmp_65_pages_of_a_withdrawn_document_are_not_shown(self, space, row):
        Document.objects.filter(id=row.id).update(availability=Document.Availability.DELETED)
        client = holder_of(space).client

        assert client.get(picture(row)).status_code == 404
        assert client.get(pages(row, number=0)).status_code == 410

    def test_a_refused_file_has_no_pictures_any_more(self, space, row):
        Rendition.objects.update(state="refused", reason="damaged")
        assert holder_of(space).client.get(picture(row)).status_code == 404

    def test_rel_13_a_lost_picture_is_not_there_now(self, space, row):
        stored = PagePicture.objects.select_related("file").get(page=1, width=1440)
        default_storage.delete(stored.file.object_name)

        assert holder_of(space).client.get(picture(row)).status_code == 503


@pytest.mark.parametrize("address", [detail, picture, lambda row: pages(row, number=0)])
def test_sec_13_head_is_not_allowed_and_leaves_no_line(space, row, address):
    assert holder_of(space).client.head(address(row)).status_code == 405
    assert lines(space) == []
