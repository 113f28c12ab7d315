"""D-02: documents of one year, month by month."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.services import events_of
from apps.common.ids import uuid7
from apps.dmp import services
from apps.dmp.filters import Filters
from apps.dmp.models import Document
from apps.dmp.paging import Cut
from tests import factories
from tests.dmp.factories import delegate_of, holder_of, representative_of
from tests.dmp.pages import main_of, row_ids, title_of, words_of
from tests.dmp.rows import document
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def space():
    return factories.space()


def url(space, **query):
    return reverse("dmp:timeline", args=[space.id], query=query or None)


def dated(space, day, **values):
    """A document of this ISO date, in the precision that is given."""
    year, month, number = (*day.split("-"), "1", "1")[:3]
    sorted_on = date(int(year), int(month), int(number))
    return document(space, **{"created": day, "sorted_on": sorted_on, "title": f"Document {day}", **values})


def many(space, pattern, count):
    """Copies of a row."""
    columns = {field.attname: getattr(pattern, field.attname) for field in Document._meta.concrete_fields}
    copies = [Document(**{**columns, "id": uuid7(), "unique_id": uuid7().hex}) for _ in range(count)]
    return Document.objects.bulk_create(copies)


def headings(response):
    found = re.findall(r"<h([23])[^>]*>(.*?)</h\1>", main_of(response), re.DOTALL)
    return [(f"h{level}", " ".join(html.unescape(words).split())) for level, words in found]


def titles(response):
    return re.findall(r'<p class="ens-list__title"><a href="[^"]*">([^<]*)</a>', response.content.decode())


def entries(response):
    """Ids of the documents that the page leads to."""
    return re.findall(
        r'<p class="ens-list__title"><a href="[^"]*/documents/([0-9a-f-]{36})/"', response.content.decode()
    )


def years(response):
    """Years to go to with their counts, the one that is shown with a star."""
    link = r'<a href="[^"]*annee=(\d+)"( aria-current="page")?>\d+<span aria-hidden="true">&nbsp;\((\d+)\)<'
    found = re.findall(link, response.content.decode())
    return [f"{year}:{count}{'*' if shown else ''}" for year, shown, count in found]


def address_of(response, words):
    link = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>{re.escape(words)}</a>', main_of(response))
    return html.unescape(link[1]) if link else ""


class TestWhoMaySeeIt:
    def test_visitor_is_sent_to_sign_in(self, space):
        assert PortalClient().get(url(space)).headers["Location"].startswith(reverse("accounts:sign_in"))

    @pytest.mark.parametrize("person_of", [holder_of, representative_of, delegate_of])
    def test_people_with_a_right_see_it(self, space, person_of):
        dated(space, "2026-11-18")
        assert titles(person_of(space).client.get(url(space))) == ["Document 2026-11-18"]

    def test_sec_01_another_holder_gets_404(self, space):
        assert holder_of(factories.space()).client.get(url(space)).status_code == 404

    def test_documents_of_another_space_are_not_in_it(self, space):
        dated(factories.space(), "2025-01-01")
        assert years(holder_of(space).client.get(url(space))) == []


class TestYear:
    def test_the_newest_year_with_its_months(self, space):
        for day in ("2026-11-18", "2026-11-02", "2026-03-30", "2024-05-01"):
            dated(space, day)
        page = holder_of(space).client.get(url(space))
        assert headings(page)[:3] == [("h2", "2026"), ("h3", "Novembre 2026"), ("h3", "Mars 2026")]
        assert titles(page) == ["Document 2026-11-18", "Document 2026-11-02", "Document 2026-03-30"]
        assert years(page) == ["2026:3*", "2024:1"]
        assert title_of(page).startswith("Chronologie des documents – ")
        assert "4 documents. 4 nouveaux." in words_of(page)
        assert "Aller à une année 2026 (3) , 3 documents 2024 (1) , 1 document 2026 3 documents" in words_of(page)

    def test_an_entry_says_kind_date_author_place_and_state(self, space):
        row = document(space, hidden_at=NOON)
        page = holder_of(space).client.get(url(space))
        assert (
            "Résultats de biologie Résultats de biologie · 18 novembre 2026 · Dr Hugo Perrin, Laboratoire des Rives "
            "Nouveau Masqué"
        ) in words_of(page)
        assert entries(page) == [str(row.id)]

    def test_another_year_by_its_link(self, space):
        dated(space, "2026-11-18")
        dated(space, "2024-05-01")
        page = holder_of(space).client.get(url(space, annee="2024"))
        assert titles(page) == ["Document 2024-05-01"]
        assert years(page) == ["2026:1", "2024:1*"]

    @pytest.mark.parametrize("year", ["2025", "0", "99999", "x", "-1", "²", "١٢", "", "\x00", "9" * 5000])
    def test_any_other_year_is_the_newest(self, space, year):
        dated(space, "2026-11-18")
        assert titles(holder_of(space).client.get(url(space, annee=year))) == ["Document 2026-11-18"]

    def test_dmp_09_documents_without_a_month_stand_at_the_head_of_their_year(self, space):
        dated(space, "1975-12-31")
        dated(space, "1975", title="Vaccin")
        dated(space, "1975-06", title="Juin")
        dated(space, "1976-01-01", act_started="1975", sorted_on=date(1975, 1, 1), title="Vaccin")
        page = holder_of(space).client.get(url(space))
        assert titles(page) == ["Vaccin", "Vaccin", "Document 1975-12-31", "Juin"]
        assert headings(page)[:3] == [("h2", "1975"), ("h3", "Décembre 1975"), ("h3", "Juin 1975")]

    def test_without_a_date_in_the_month_of_the_deposit(self, space):
        document(space, created="", sorted_on=NOON.date())
        page = holder_of(space).client.get(url(space))
        assert headings(page)[:2] == [("h2", "2026"), ("h3", "Novembre 2026")]
        assert "date non précisée, déposé le 25 novembre 2026" in words_of(page)

    def test_sec_07_titles_stay_text(self, space):
        document(space, title="<img src=x onerror=alert(1)>", author_name='"><script>alert(1)</script>')
        content = holder_of(space).client.get(url(space)).content.decode()
        assert "<img src=x" not in content
        assert "<script>alert" not in content


class TestPagesOfAYear:
    def test_two_hundred_and_five_documents_in_pages_of_a_hundred(self, space):
        many(space, dated(space, "2024-03-02"), 200)
        many(space, dated(space, "2024", title="Sans mois"), 3)
        dated(space, "2026-11-18")
        person, address, pages = holder_of(space), url(space, annee="2024"), []
        while address:
            pages.append(person.client.get(address))
            address = address_of(pages[-1], "Page suivante")
        back = person.client.get(address_of(pages[-1], "Page précédente"))

        assert [len(entries(page)) for page in pages] == [100, 100, 5]
        assert len({row for page in pages for row in entries(page)}) == 205
        assert titles(pages[0])[:5] == ["Sans mois"] * 4 + ["Document 2024-03-02"]
        assert "Documents 101 à 200 sur 205" in words_of(pages[1])
        assert entries(back) == entries(pages[1])
        assert entries(person.client.get(address_of(back, "Première page"))) == entries(pages[0])

    def test_a_cut_beside_a_document_of_another_year_is_the_first_page(self, space):
        old, new = dated(space, "2024-03-02"), dated(space, "2026-11-18")
        dated(space, "2024-03-01")
        page = holder_of(space).client.get(url(space, annee="2024", apres=str(new.id)))
        assert titles(page) == ["Document 2024-03-02", "Document 2024-03-01"]
        page = holder_of(space).client.get(url(space, annee="2024", apres=str(old.id)))
        assert titles(page) == ["Document 2024-03-01"]

    def test_the_position_counts_the_year_alone(self, space):
        rows = [dated(space, f"{year}-03-0{day}") for year in (2026, 2024) for day in (3, 2, 1)]
        found = services.read_timeline(
            actor=factories.holder(space), filters=Filters(), today=NOON.date(), year=2024, cut=Cut(after=rows[3].id)
        )
        assert (found.page.start, found.page.end, found.page.total, found.total) == (1, 3, 3, 6)


class TestFilters:
    def test_one_filter_for_the_list_and_the_timeline(self, space):
        dated(space, "2026-11-18")
        dated(space, "2024-05-01", category="CPT_REND")
        person = holder_of(space)
        sent = person.client.post(
            reverse("dmp:document_list", args=[space.id]) + "?tri=auteur", {"category": "CPT_REND"}
        )
        listed = person.client.get(sent.headers["Location"])

        page = person.client.get(address_of(listed, "Voir la chronologie des documents"))
        again = person.client.get(address_of(page, "Voir la liste des documents"))

        assert years(page) == ["2024:1*"]
        assert "1 document, filtre : comptes rendus." in words_of(page)
        assert row_ids(again) == row_ids(listed)
        assert again.wsgi_request.get_full_path() == listed.wsgi_request.get_full_path()

    def test_a_filter_sent_here_comes_back_here_and_keeps_the_year(self, space):
        dated(space, "2026-11-18")
        dated(space, "2024-05-01")
        person = holder_of(space)
        sent = person.client.post(url(space, annee="2024"), {"words": "rives"})
        assert re.fullmatch(rf"{re.escape(url(space))}\?filtre=[\w-]{{8}}&annee=2024", sent.headers["Location"])
        page = person.client.get(sent.headers["Location"])
        assert titles(page) == ["Document 2024-05-01"]
        away = re.search(r'fr-tag--dismiss" href="([^"]+)"', page.content.decode())
        after = person.client.get(html.unescape(away[1]), follow=True)
        assert after.wsgi_request.get_full_path() == url(space, annee="2024")

    def test_reversed_dates_are_an_error_of_the_form(self, space):
        fields = {"period": "dates", "first": "2026-05-31", "last": "2026-05-01"}
        response = holder_of(space).client.post(url(space), fields)
        assert title_of(response).startswith("Erreur\u00a0: Chronologie")

    def test_nothing_at_all_and_nothing_for_these_filters(self, space):
        person = holder_of(space)
        assert "Aucun document pour le moment" in words_of(person.client.get(url(space)))
        document(space)
        sent = person.client.post(url(space), {"category": "RADIO_SC"})
        page = person.client.get(sent.headers["Location"])
        assert "Aucun document ne correspond à ce filtre" in words_of(page)
        assert address_of(page, "Effacer les filtres") == url(space)

    def test_dmp_66_archived_documents_by_the_filter_only(self, space):
        dated(space, "2026-11-18")
        dated(space, "2020-01-01", availability=Document.Availability.ARCHIVED)
        person = holder_of(space)
        assert years(person.client.get(url(space))) == ["2026:1*"]
        sent = person.client.post(url(space), {"state": "archived"})
        assert years(person.client.get(sent.headers["Location"])) == ["2020:1*"]


class TestNoTrace:
    @pytest.mark.parametrize("state", [{}, {"annee": "2020"}])
    def test_sec_05_a_document_not_yet_announced_makes_no_year_and_no_count(self, space, state):
        other = factories.space()
        for one in (space, other):
            dated(one, "2026-11-18")
        for day in ("2020-01-01", "2026-11-18"):
            secret = dated(space, day, concealed_until=NOON + timedelta(days=3), author_name="Dr Secret")
        pages = [self.page(holder_of(one), url(one, apres=str(secret.id), **state)) for one in (space, other)]
        assert pages[0] == pages[1]

    @pytest.mark.parametrize("person_of", [representative_of, delegate_of])
    def test_acc_33_nor_does_one_kept_from_representatives(self, space, person_of):
        other = factories.space()
        for one in (space, other):
            dated(one, "2026-11-18")
        dated(space, "2020-01-01", kept_from_representatives=True, title="Secret")
        assert self.page(person_of(space), url(space)) == self.page(person_of(other), url(other))

    def page(self, person, address):
        ids = r'[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken" value="\w+"'
        return re.sub(ids, "·", person.client.get(address).content.decode())


class TestTrail:
    def test_delegates_leave_the_line_of_the_list(self, space):
        dated(space, "2026-11-18")
        dated(space, "2024-05-01")
        delegate_of(space).client.get(url(space))
        assert [(line.action, line.facts) for line in events_of(space.id)] == [("dmp.list.read", {"shown": 1})]

    @pytest.mark.parametrize("person_of", [holder_of, representative_of])
    def test_others_leave_none(self, space, person_of):
        person_of(space).client.get(url(space))
        assert not events_of(space.id).exists()

    def test_sec_13_head_is_not_allowed_and_leaves_no_line(self, space):
        assert delegate_of(space).client.head(url(space)).status_code == 405
        assert not events_of(space.id).exists()


def test_two_hundred_documents_take_the_queries_of_one(space):
    pattern, person, counts = dated(space, "2026-11-18"), holder_of(space), []
    person.client.get(url(space))  # the first page puts a token into the session
    for more in (0, 199):
        many(space, pattern, more)
        for year in range(1990, 1990 + more // 20):
            dated(space, f"{year}-03-02")
        with CaptureQueriesContext(connection) as queries:
            assert person.client.get(url(space)).status_code == 200
        counts.append(len(queries))
    assert counts == [counts[0]] * 2
    assert counts[0] <= 10
