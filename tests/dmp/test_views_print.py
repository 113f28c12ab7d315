"""D-05: one document on paper (DMP-107)."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from django.urls import reverse

from apps.audit.services import content_readings, events_of, readers_count
from apps.dmp.models import Document, ReadMark, Rendition
from apps.files.models import StoredFile
from apps.ui.words import of_person
from tests import factories
from tests.dmp.factories import filed, holder_of, prepared, representative_of, with_file
from tests.dmp.pages import main_of, title_of, words_of
from tests.dmp.paper import pdf_of, tiff_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
STYLES = Path(__file__).resolve().parents[2] / "static/dmp/print.css"


@pytest.fixture
def space():
    return factories.space()


def address(row):
    return reverse("dmp:document_print", args=[row.space_id, row.id])


def printed(row, client=None):
    return (client or holder_of(Document.objects.get(id=row.id).space).client).get(address(row))


def test_whose_document_and_when_it_was_printed(space):
    response = printed(filed(space, title="Sérologie"))
    page = " ".join(unescape(response.content.decode()).split())

    assert "Imprimé le 25 novembre 2026 à 13 h 00" in page
    assert f"Espace {of_person(space.identity.display_name)}" in page
    assert "Sérologie" in main_of(response)
    assert title_of(response).startswith("Imprimer – Résultats de biologie du 18")
    assert "Sérologie" not in title_of(response)


def test_no_menu_no_footer_and_nothing_folded(space):
    content = printed(filed(space)).content.decode()

    assert "fr-header" not in content
    assert "fr-footer" not in content
    assert "<nav" not in content
    assert content.count("<details") == content.count(' open="open"') > 0


def test_pages_and_texts_of_the_files_inside_are_there_without_waiting_for_a_scroll(space):
    row = prepared(with_file(space, "application/pdf", pdf_of("Page une", "Page deux")))
    response = printed(row)

    assert main_of(response).count("<img") == 2
    assert 'loading="lazy"' not in main_of(response)
    assert "Page une" in words_of(response)
    assert "Page deux" in words_of(response)


def test_a_hundred_pages_are_printed_and_the_page_says_that_there_are_more(space):
    row = prepared(with_file(space, "image/tiff", tiff_of(101)))
    response = printed(row)

    assert main_of(response).count("<img") == 100
    assert "Seules les 100 premières pages sur 101 sont imprimées ici" in words_of(response)


def test_what_is_not_ready_is_said(space):
    row = with_file(space, "application/pdf", pdf_of("a"))
    assert "En préparation." in words_of(printed(row))

    Rendition.objects.update(state="refused", reason="encrypted", ended_at=row.received_at)
    assert "protégé par un mot de passe" in words_of(printed(row))


def test_sec_13_printing_is_a_reading_with_a_name_of_its_own(space):
    row = filed(space)
    printed(row)

    line = events_of(space.id).first()
    assert (line.action, line.target, line.facts["content"]) == ("dmp.document.print", f"document:{row.id}", True)
    assert content_readings([space.id]) == {space.id: 1}
    assert StoredFile.objects.get().read_count == ReadMark.objects.count() == 1
    assert readers_count(scope_id=space.id, target=f"document:{row.id}") == 0  # the holder is no professional


def test_sec_13_head_prints_nothing(space):
    row = filed(space)
    assert holder_of(space).client.head(address(row)).status_code == 405
    assert events_of(space.id).first().action == "dmp.document.deposit"


def test_sec_01_who_may_not_see_it_cannot_print_it(space):
    row = filed(space)
    Document.objects.update(kept_from_representatives=True)

    assert printed(row, representative_of(space).client).status_code == 404
    assert printed(row, holder_of(factories.space()).client).status_code == 404


def test_dmp_65_a_withdrawn_document_is_not_printed(space):
    row = filed(space)
    Document.objects.update(availability=Document.Availability.DELETED)
    assert printed(row).status_code == 410


def test_a_document_that_waits_for_its_check_says_so(space):
    row = filed(space, scanned=False)
    assert "En contrôle" in words_of(printed(row))


def test_the_page_of_the_document_leads_to_it(space):
    row = filed(space)
    detail = reverse("dmp:document_detail", args=[space.id, row.id])
    assert f'href="{address(row)}"' in main_of(holder_of(space).client.get(detail))


def test_rows_and_pictures_are_not_cut_and_heads_are_repeated():
    styles = STYLES.read_text()
    for rule in ("@page { size: A4 portrait", "break-inside: avoid", "break-after: avoid", "table-header-group"):
        assert rule in styles
