"""D-01: the list of documents."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.services import events_of
from apps.dmp.models import ReadMark
from apps.files.models import StoredFile
from tests import factories
from tests.dmp.factories import delegate_of, holder_of, representative_of, signed_in
from tests.dmp.pages import row_ids, title_of, words_of
from tests.dmp.rows import document
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def space():
    return factories.space()


def url(space, **query):
    return reverse("dmp:document_list", args=[space.id], query=query or None)


def asked(person, space, **fields):
    """The page after a filter was sent."""
    sent = person.client.post(url(space), fields)
    assert sent.status_code == 302, words_of(sent)
    return person.client.get(sent.headers["Location"])


class TestWhoMaySeeIt:
    def test_visitor_is_sent_to_sign_in(self, space):
        response = PortalClient().get(url(space))
        assert response.status_code == 302
        assert response.headers["Location"].startswith(reverse("accounts:sign_in"))

    @pytest.mark.parametrize("person_of", [holder_of, representative_of, delegate_of])
    def test_people_with_a_right_see_the_list(self, space, person_of):
        document(space)
        response = person_of(space).client.get(url(space))
        assert response.status_code == 200
        assert "Résultats de biologie" in words_of(response)

    def test_sec_01_another_holder_gets_404(self, space):
        assert holder_of(factories.space()).client.get(url(space)).status_code == 404

    @pytest.mark.parametrize("person_of", [representative_of, delegate_of])
    def test_sec_04_an_ended_right_gets_404(self, space, person_of):
        assert person_of(space, ends_at=NOON).client.get(url(space)).status_code == 404

    def test_sec_16_nothing_is_kept_by_the_browser(self, space):
        assert holder_of(space).client.get(url(space)).headers["Cache-Control"] == "no-store, private"

    def test_documents_of_another_space_are_not_in_it(self, space):
        document(factories.space(), title="Ailleurs")
        assert "Ailleurs" not in words_of(holder_of(space).client.get(url(space)))


class TestRows:
    def test_title_date_author_place_and_menu(self, space):
        row = document(space)
        response = holder_of(space).client.get(url(space))
        words = words_of(response)
        assert "18 novembre 2026 · Dr Hugo Perrin, Laboratoire des Rives" in words
        assert "Ouvrir Masquer Télécharger" in words
        assert reverse("dmp:document_detail", args=[space.id, row.id]) in response.content.decode()

    def test_months_are_headings(self, space):
        document(space)
        document(space, created="2026-10-09", sorted_on=date(2026, 10, 9))
        headings = re.findall(
            r'<h2 class="ens-month">([^<]*)</h2>', holder_of(space).client.get(url(space)).content.decode()
        )
        assert [" ".join(heading.split()) for heading in headings] == ["Novembre 2026", "Octobre 2026"]

    def test_dmp_09_a_year_stays_a_year(self, space):
        document(space, created="1975", sorted_on=date(1975, 1, 1))
        words = words_of(holder_of(space).client.get(url(space)))
        assert "1975 · Dr Hugo Perrin" in words
        assert "anvier" not in words

    def test_tags_say_the_state_in_words(self, space):
        document(space, hidden_at=NOON, version_number=2)
        waiting = document(space)
        StoredFile.objects.filter(id=waiting.file_id).update(state="waiting", scanned_at=None)
        words = words_of(holder_of(space).client.get(url(space)))
        for tag in ("Nouveau", "Masqué", "Version 2", "En contrôle"):
            assert tag in words

    def test_a_hidden_document_offers_to_be_made_visible(self, space):
        document(space, hidden_at=NOON)
        assert "Ouvrir Rendre visible Télécharger" in words_of(holder_of(space).client.get(url(space)))

    def test_dmp_05_replaced_and_deleted_versions_are_not_listed(self, space):
        for status in (
            "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated",
            "urn:asip:ci-sis:2010:StatusType:Deleted",
        ):
            document(space, availability=status, title="Ancien")
        assert "Ancien" not in words_of(holder_of(space).client.get(url(space)))

    def test_d_01_new_is_kept_for_each_reader(self, space):
        row = document(space)
        reader, other = holder_of(space), delegate_of(space)
        ReadMark.objects.create(space_id=space.id, document_id=row.id, user_id=reader.id, read_at=NOON)
        assert "Nouveau" not in re.sub("Nouveaux", "", words_of(reader.client.get(url(space))))
        assert "1 document. 1 nouveau." in words_of(other.client.get(url(space)))

    def test_nothing_at_all_says_what_will_come(self, space):
        words = words_of(holder_of(space).client.get(url(space)))
        assert "Aucun document. " in words
        assert "Aucun document pour le moment" in words
        assert "Ce que cette page ne montre pas" in words


class TestFilters:
    def test_sec_16_words_and_names_never_stand_in_an_address(self, space):
        document(space)
        sent = holder_of(space).client.post(url(space), {"words": "biologie", "author": "Dr Hugo Perrin"})
        assert re.fullmatch(rf"{re.escape(url(space))}\?filtre=[\w-]{{8}}", sent.headers["Location"])

    @pytest.mark.parametrize(
        ("fields", "count"),
        [
            ({"words": "RESULTATS rives"}, "1 document, filtre : « RESULTATS rives »."),
            ({"category": "CPT_REND"}, "1 document, filtre : comptes rendus."),
            ({"author": "Dr Anne Lefort"}, "1 document, filtre : Dr Anne Lefort."),
            ({"state": "hidden"}, "1 document, filtre : documents masqués."),
            ({"period": "3m"}, "1 document, filtre : 3 derniers mois."),
            ({"period": "3m", "category": "BIOLOGIE"}, "1 document, filtres : résultats de biologie, 3 derniers mois."),
            ({"first": "2026-05-01", "last": "2026-05-31"}, "1 document, filtre : du 1er mai 2026 au 31 mai 2026."),
            ({"first": "2026-11-18"}, "1 document, filtre : depuis le 18 novembre 2026."),
        ],
    )  # fmt: skip
    def test_each_filter_finds_its_document_and_says_so(self, space, fields, count):
        document(space)
        report = {
            "category": "CPT_REND",
            "title": "Compte rendu",
            "author_name": "Dr Anne Lefort",
            "organisation_name": "",
        }
        document(space, created="2026-05-12", sorted_on=date(2026, 5, 12), hidden_at=NOON, **report)
        response = asked(holder_of(space), space, **fields)
        assert count in words_of(response)
        assert len(row_ids(response)) == 1

    def test_only_new_ones(self, space):
        person, row = holder_of(space), document(space)
        other = document(space)
        ReadMark.objects.create(space_id=space.id, document_id=row.id, user_id=person.id, read_at=NOON)
        assert row_ids(asked(person, space, state="new")) == [str(other.id)]

    def test_one_place_alone(self, space):
        document(space, organisation_name="Clinique des Pins")
        wanted = document(space, organisation_name="Maison de santé")
        page = asked(holder_of(space), space, place="Maison de santé")
        assert row_ids(page) == [str(wanted.id)]
        assert "1 document, filtre : Maison de santé." in words_of(page)

    def test_sec_32_two_hundred_places_and_authors_at_most(self, space):
        for number in range(201):
            document(space, author_name=f"Dr {number:03d}", organisation_name=f"Lieu {number:03d}")
        content = holder_of(space).client.get(url(space)).content.decode()
        assert len(re.findall(r'<option value="Lieu \d{3}"', content)) == 200
        assert len(re.findall(r'<option value="Dr \d{3}"', content)) == 200

    @pytest.mark.parametrize(
        "values",
        [
            {"facility_code": "EXP_PATIENT"},
            {"practice_code": "EXP_PATIENT"},
            {"type_code": "DOCPAT05"},
            {"type_code": "EXPPAT_2"},
        ],
    )
    def test_dmp_25_the_holders_own_documents(self, space, values):
        document(space, class_code="90", title="Certificat du médecin")
        own = document(space, **values)
        page = asked(holder_of(space), space, state="mine")
        assert row_ids(page) == [str(own.id)]
        assert "1 document, filtre : documents ajoutés par moi." in words_of(page)

    @pytest.mark.parametrize("person_of", [representative_of, delegate_of])
    def test_dmp_25_somebody_else_does_not_say_mine(self, space, person_of):
        document(space)
        own = document(space, type_code="DOCPAT05")
        person = person_of(space)
        page = asked(person, space, state="added")
        assert row_ids(page) == [str(own.id)]
        assert "filtre : documents ajoutés dans cet espace." in words_of(page)
        assert "par moi" not in words_of(page)
        assert person.client.post(url(space), {"state": "mine"}).status_code == 200

    def test_dmp_66_archived_ones_are_in_a_filter_and_nowhere_else(self, space):
        document(space)
        gone = document(space, availability="urn:asip:ci-sis:2010:StatusType:Archived", title="Ancien")
        document(space, availability="urn:asip:ci-sis:2010:StatusType:Deleted", title="Supprimé")
        person = holder_of(space)
        assert "Ancien" not in words_of(person.client.get(url(space)))
        page = asked(person, space, state="archived")
        assert row_ids(page) == [str(gone.id)]
        assert "1 document, filtre : documents archivés." in words_of(page)
        assert "Archivé" in re.search(r'ens-list__end">(.*?)</div>', page.content.decode(), re.DOTALL)[1]

    def test_three_months_back_from_today(self, space):
        inside = document(space, created="2026-08-25", sorted_on=date(2026, 8, 25))
        document(space, created="2026-08-24", sorted_on=date(2026, 8, 24))
        assert row_ids(asked(holder_of(space), space, period="3m")) == [str(inside.id)]

    def test_a_tag_takes_its_filter_away_and_leaves_the_others(self, space):
        document(space)
        person = holder_of(space)
        page = asked(person, space, period="12m", category="BIOLOGIE")
        assert "Filtres (2 actifs)" in words_of(page)
        link = re.search(
            r'class="fr-tag fr-tag--dismiss" href="([^"]+)" aria-label="Retirer le filtre\xa0: 12 derniers mois"',
            page.content.decode(),
        )
        after = person.client.get(link[1].replace("&amp;", "&"), follow=True)
        assert "1 document, filtre : résultats de biologie." in words_of(after)

    def test_no_result_names_the_filters_and_the_way_out(self, space):
        document(space)
        words = words_of(asked(holder_of(space), space, category="RADIO_SC", period="3m"))
        assert "Aucun document pour : imagerie, 3 derniers mois." in words
        assert "Aucun document ne correspond à ces filtres" in words
        assert "Vous avez 1 document dans votre espace." in words
        assert "Effacer les filtres" in words

    def test_reversed_dates_are_an_error_of_the_form(self, space):
        document(space)
        fields = {"period": "dates", "first": "2026-05-31", "last": "2026-05-01"}
        response = holder_of(space).client.post(url(space), fields)
        assert response.status_code == 200
        assert title_of(response).startswith("Erreur\u00a0: Documents")
        assert "Cette date est avant la première. Mettez la date la plus ancienne en premier." in words_of(response)
        assert 'value="2026-05-31"' in response.content.decode()
        assert '<details class="ens-fold ens-filters ens-wide-open" open>' in response.content.decode()

    def test_choosing_dates_without_a_date_is_an_error(self, space):
        response = holder_of(space).client.post(url(space), {"period": "dates"})
        assert "Indiquez au moins une des deux dates." in words_of(response)

    def test_sec_32_two_hundred_characters_at_most(self, space):
        response = holder_of(space).client.post(url(space), {"words": "a" * 201})
        assert response.status_code == 200
        assert title_of(response).startswith("Erreur")

    def test_filters_of_one_space_do_not_reach_another(self, space):
        child = factories.space(person=factories.child_identity())
        factories.representation(of=child, person=space.identity)
        document(child)
        person = holder_of(space)
        sent = person.client.post(url(space), {"category": "RADIO_SC"})
        token = sent.headers["Location"].partition("=")[2]
        assert "1 document." in words_of(person.client.get(url(child, filtre=token)))

    def test_unknown_token_filters_nothing(self, space):
        document(space)
        assert "1 document." in words_of(holder_of(space).client.get(url(space, filtre="quelconque")))


class TestOrder:
    def test_by_author_groups_by_author(self, space):
        document(space, author_name="Dr Zoé Abel")
        document(space, author_name="Dr Anne Lefort", created="2020-01-02", sorted_on=date(2020, 1, 2))
        content = holder_of(space).client.get(url(space, tri="auteur")).content.decode()
        assert re.findall(r'<h2 class="ens-month">([^<]*)</h2>', content) == ["Dr Anne Lefort", "Dr Zoé Abel"]

    def test_order_and_filter_go_from_page_to_page(self, space):
        for _ in range(21):
            document(space)
        person = holder_of(space)
        sent = person.client.post(url(space, tri="auteur"), {"category": "BIOLOGIE"})
        content = person.client.get(sent.headers["Location"]).content.decode()
        link = rf'href="{re.escape(url(space))}\?filtre=[\w-]+&amp;tri=auteur&amp;apres=[0-9a-f-]{{36}}"'
        assert re.search(link, content)


class TestNoTrace:
    @pytest.mark.parametrize(
        "state",
        [
            {},
            {"state": "new"},
            {"state": "mine"},
            {"state": "archived"},
            {"words": "secret"},
            {"author": "Dr Secret"},
            {"place": "Clinique secrète"},
        ],
    )
    def test_sec_05_a_document_not_yet_announced_changes_nothing(self, space, state):
        other = factories.space()
        for one in (space, other):
            document(one)
        for values in ({"type_code": "DOCPAT05"}, {"availability": "urn:asip:ci-sis:2010:StatusType:Archived"}):
            document(space, concealed_until=NOON + timedelta(days=3), author_name="Dr Secret", title="Secret",
                     organisation_name="Clinique secrète", **values)  # fmt: skip
        pages = [self.page(holder_of(one), one, state) for one in (space, other)]
        assert pages[0] == pages[1]

    @pytest.mark.parametrize("person_of", [representative_of, delegate_of])
    def test_acc_33_kept_from_representatives_changes_nothing(self, space, person_of):
        other = factories.space()
        for one in (space, other):
            document(one)
        document(space, kept_from_representatives=True, author_name="Dr Secret", title="Secret")
        assert self.page(person_of(space), space, {}) == self.page(person_of(other), other, {})

    def test_acc_34_the_clock_ends_the_announcement(self, space):
        document(space, concealed_until=NOON, title="Annoncé")
        assert "Annoncé" in words_of(holder_of(space).client.get(url(space)))

    def page(self, person, space, fields):
        """The page without what differs between two spaces anyway: ids and tokens."""
        sent = person.client.post(url(space), fields)
        response = person.client.get(sent.headers["Location"]) if sent.status_code == 302 else sent
        ids = r'[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken" value="\w+"|filtre=[\w-]+'
        return re.sub(ids, "·", response.content.decode())


class TestTrail:
    def test_delegates_leave_a_line(self, space):
        document(space)
        delegate_of(space).client.get(url(space))
        assert [(line.action, line.facts) for line in events_of(space.id)] == [("dmp.list.read", {"shown": 1})]

    def test_sec_13_head_is_not_allowed_and_leaves_no_line(self, space):
        document(space)

        assert delegate_of(space).client.head(url(space)).status_code == 405
        assert not events_of(space.id).exists()

    @pytest.mark.parametrize("person_of", [holder_of, representative_of])
    def test_others_leave_none(self, space, person_of):
        person_of(space).client.get(url(space))
        assert not events_of(space.id).exists()


class TestHostileText:
    def test_sec_07_titles_and_authors_stay_text(self, space):
        document(space, title="<img src=x onerror=alert(1)>", author_name='"><script>alert(1)</script>')
        content = holder_of(space).client.get(url(space)).content.decode()
        assert "<img src=x" not in content
        assert "&lt;img src=x onerror=alert(1)&gt;" in content
        assert "<script>alert" not in content

    def test_sec_07_searched_words_stay_text(self, space):
        content = asked(holder_of(space), space, words='"><script>alert(1)</script>').content.decode()
        assert "<script>alert" not in content
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content

    def test_words_with_signs_of_patterns_are_searched_as_they_are(self, space):
        document(space)
        assert row_ids(asked(holder_of(space), space, words="%")) == []


def test_a_list_takes_the_same_queries_whatever_its_length(space):
    person = holder_of(space)
    person.client.get(url(space))  # the first page puts a token into the session
    counts = []
    for more in (1, 19, 25):
        for _ in range(more):
            document(space)
        with CaptureQueriesContext(connection) as queries:
            person.client.get(url(space))
        counts.append(len(queries))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 10


def test_another_person_signed_in_sees_nothing_of_a_closed_space(space):
    space.status, space.closed_at = "closed", NOON
    space.save()
    assert signed_in(space.identity).client.get(url(space)).status_code == 404
