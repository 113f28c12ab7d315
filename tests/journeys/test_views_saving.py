"""The page « Enregistrer dans mes documents » (M-04)."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.dmp.models import Document
from apps.mss.models import Attachment
from tests import factories
from tests.dmp.factories import delegate_of, filed, holder_of, representative_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.journeys.saving import clinical, fresh, plain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def client(space):
    return holder_of(space).client


def page_of(space, row):
    return reverse("journeys:attachment_save", args=[space.id, row.id])


FORM = {"title": "Ordonnance", "dated": "2026-03-02", "category": "ORD_SOIN", "visibility": "visible"}


class TestAsking:
    def test_mss_55_a_file_asks_name_date_category_and_who_sees_it(self, client, space):
        response = client.get(page_of(space, plain(space)))
        words = words_of(response)
        for label in ("Nom du document", "Date du document", "Catégorie", "Qui le verra"):
            assert label in words
        assert 'value="ordonnance"' in response.content.decode()
        assert 'value="2026-11-25"' in response.content.decode()
        assert title_of(response).startswith("Enregistrer dans mes documents – Messagerie")
        assert "ordonnance" not in title_of(response)

    def test_a_document_of_a_professional_asks_who_sees_it_alone(self, client, space):
        response = client.get(page_of(space, clinical(space)))
        assert "Qui le verra" in words_of(response)
        assert "Catégorie" not in words_of(response)
        assert "Dr HUGO PERRIN" in words_of(response)

    def test_mss_54_one_that_is_there_is_linked(self, client, space):
        known = filed(space)
        response = client.get(page_of(space, clinical(space)))
        assert "est déjà dans vos documents" in words_of(response)
        assert reverse("dmp:document_detail", args=[space.id, known.id]) in response.content.decode()
        assert "<form" not in response.content.decode().partition("<main")[2].partition("</main>")[0]

    def test_a_refusal_says_why_and_what_to_do(self, client, space):
        waiting = words_of(client.get(page_of(space, plain(space, scanned=False))))
        assert "Revenez dans quelques minutes" in waiting

    def test_asking_writes_nothing_into_the_record(self, client, space):
        row = plain(space)
        client.get(page_of(space, row))
        assert (Document.objects.count(), fresh(row).document_id) == (0, None)


class TestSaving:
    def test_it_is_saved_and_told_on_the_page_of_the_document(self, client, space):
        row = plain(space)
        response = client.post(page_of(space, row), FORM, follow=True)
        document = Document.objects.get()
        assert response.redirect_chain == [(reverse("dmp:document_detail", args=[space.id, document.id]), 302)]
        assert "Enregistré dans vos documents" in words_of(response)
        assert (document.title, document.hidden_at) == ("Ordonnance", None)

    def test_hidden(self, client, space):
        client.post(page_of(space, plain(space)), {**FORM, "visibility": "masque"})
        assert Document.objects.get().is_hidden

    def test_sent_twice_is_once(self, client, space):
        row = plain(space)
        for _ in range(2):
            assert client.post(page_of(space, row), FORM).status_code == 302
        assert Document.objects.count() == 1

    def test_a_clinical_document_needs_its_visibility_alone(self, client, space):
        row = clinical(space)
        assert client.post(page_of(space, row), {"visibility": "visible"}).status_code == 302
        assert fresh(row).document_id == Document.objects.get().id

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            ({"title": ""}, "Ce champ est obligatoire"),
            ({"title": "\u202e"}, "Donnez un nom au document"),
            ({"dated": "2026-11-26"}, "Cette date est dans le futur"),
            ({"dated": "0999-01-01"}, "Cette date est trop ancienne"),
            ({"category": "DIR_ANT"}, "Sélectionnez un choix valide"),
            ({"visibility": ""}, "Ce champ est obligatoire"),
        ],
    )
    def test_errors_keep_what_was_typed(self, client, space, answer, said):
        response = client.post(page_of(space, plain(space)), {**FORM, **answer})
        assert response.status_code == 200
        assert said in words_of(response)
        assert Document.objects.count() == 0

    def test_a_virus_is_refused_in_words(self, client, space):
        row = plain(space, scanned=False)
        response = client.post(page_of(space, row), FORM)
        assert "ne peut pas être enregistré" in words_of(response)


class TestRights:
    def test_sec_01_held_unknown_and_of_another_space_are_the_same_404(self, client, space):
        held = plain(space)
        Attachment.objects.filter(pk=held.pk).update(held="904")
        other = factories.space(person=factories.identity(first_given_name="ZOE", birth_given_names="ZOE"))
        for row in (held, plain(other)):
            assert client.get(page_of(space, row)).status_code == 404
            assert client.post(page_of(space, row), FORM).status_code == 404

    def test_a_representative_may_save(self, space):
        response = representative_of(space).client.post(page_of(space, plain(space)), FORM)
        assert response.status_code == 302

    def test_spa_55_a_delegate_needs_both_sections(self, space):
        row = plain(space)
        for sections, status in (
            ({"documents": "manage"}, 404),
            ({"messages": "manage", "documents": "read"}, 404),
            ({"messages": "read", "documents": "manage"}, 200),
        ):
            person = delegate_of(space, sections=sections)
            assert person.client.get(page_of(space, row)).status_code == status, sections

    def test_as_many_queries_with_one_attachment_as_with_twenty(self, client, space):
        row = plain(space)
        client.get(page_of(space, row))
        counts = []
        for number in range(2):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(page_of(space, row))
            counts.append(len(queries))
            for more in range(19 if not number else 0):
                plain(space, number=f"n{more}", scanned=False)
        assert counts[0] == counts[1]


class TestPart:
    """The lines below an attachment on the pages of the mailbox."""

    def part(self, space, row, **values):
        view = {"space_id": space.id, "reads": {"documents"}, "manages": {"documents"}, **values}
        return render_to_string("mss/parts/attachment_save.html", {"attachment": row, "space": view})

    def test_a_link_to_the_page(self, space):
        row = plain(space)
        assert page_of(space, row) in self.part(space, row)

    def test_no_link_for_whoever_does_not_manage_documents(self, space):
        row = plain(space)
        assert page_of(space, row) not in self.part(space, row, manages=set())

    def test_a_saved_one_leads_to_its_document(self, space, client):
        row = plain(space)
        client.post(page_of(space, row), FORM)
        link = reverse("dmp:document_detail", args=[space.id, Document.objects.get().id])
        assert link in self.part(space, fresh(row))
        assert link not in self.part(space, fresh(row), reads=set())

    def test_what_the_record_does_not_take_says_so(self, space):
        row = plain(space, name="photos.zip", data=b"PK\x03\x04 nothing")
        assert "ce type de fichier" in self.part(space, row)

    @pytest.mark.parametrize(
        ("answer", "said"),
        [("replaced", "a remplacé celle"), ("withdrawn", "a été retiré"), ("901", "n'a rien changé")],
    )
    def test_mss_52_what_became_of_a_request(self, space, answer, said):
        row = clinical(space)
        row.answer = answer
        assert said in self.part(space, row)
