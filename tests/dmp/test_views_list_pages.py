"""D-01: from page to page of the list."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from tests import factories
from tests.dmp.factories import holder_of
from tests.dmp.pages import row_ids, words_of
from tests.dmp.rows import document

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def space():
    return factories.space()


def url(space, **query):
    return reverse("dmp:document_list", args=[space.id], query=query or None)


def links_of(response):
    """Words of the links between pages."""
    return re.findall(r'<a class="fr-pagination__link[^>]*>([^<]*)</a>', response.content.decode())


def followed(response, words):
    """Address of a link between pages; empty when there is none."""
    link = re.search(rf'<a class="fr-pagination__link[^"]*" href="([^"]*)">{words}</a>', response.content.decode())
    return html.unescape(link[1]) if link else ""


def walked(person, address, words):
    """The pages from this one as far as the link leads."""
    pages = []
    while address and len(pages) < 9:
        pages.append(person.client.get(address))
        address = followed(pages[-1], words)
    return pages


class TestPages:
    @pytest.mark.parametrize("sort", ["", "auteur"])
    def test_s44_sixty_documents_of_one_day_come_once_each(self, space, sort):
        made = {str(document(space).id) for _ in range(60)}
        pages = walked(holder_of(space), url(space, tri=sort), "Page suivante")
        seen = [row for page in pages for row in row_ids(page)]
        assert len(pages) == 3
        assert len(seen) == 60
        assert set(seen) == made

    @pytest.fixture
    def listed(self, space):
        """47 documents: three pages."""
        return [str(document(space, sorted_on=date(2026, 11, 18) - timedelta(days=back)).id) for back in range(47)]

    def test_each_page_says_where_it_stands_and_leads_on_and_back(self, space, listed):
        person = holder_of(space)
        forward = walked(person, url(space), "Page suivante")
        back = walked(person, forward[-1].wsgi_request.get_full_path(), "Page précédente")
        positions = [re.search(r"Documents? \d+( à \d+)? sur \d+", words_of(page))[0] for page in forward]
        assert positions == ["Documents 1 à 20 sur 47", "Documents 21 à 40 sur 47", "Documents 41 à 47 sur 47"]
        assert [row for page in forward for row in row_ids(page)] == listed
        assert [row_ids(page) for page in reversed(back)] == [row_ids(page) for page in forward]
        assert [links_of(page) for page in forward] == [
            ["Page suivante"],
            ["Première page", "Page précédente", "Page suivante"],
            ["Première page", "Page précédente"],
        ]

    def test_the_first_page_has_the_plain_address(self, space, listed):
        second = walked(holder_of(space), url(space, tri="auteur"), "Page suivante")[1]
        assert followed(second, "Première page") == url(space, tri="auteur")

    def test_one_document_on_the_last_page(self, space):
        for _ in range(21):
            document(space)
        last = walked(holder_of(space), url(space), "Page suivante")[-1]
        assert "Document 21 sur 21" in words_of(last)

    def test_twenty_documents_need_no_pages(self, space):
        for _ in range(20):
            document(space)
        assert "Pages de documents" not in holder_of(space).client.get(url(space)).content.decode()

    @pytest.mark.parametrize("query", [{"page": "2"}, {"apres": "x"}, {"avant": ""}, {"apres": "0" * 32}])
    def test_links_of_former_days_and_wrong_ids_lead_to_the_first_page(self, space, listed, query):
        assert row_ids(holder_of(space).client.get(url(space, **query))) == listed[:20]
