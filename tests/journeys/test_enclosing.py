"""Documents of the record that go with a message; hidden ones are warned about (M-03, MSS-57)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.services import events_of
from apps.dmp.services import DocumentNotFoundError
from apps.files.models import StoredFile
from apps.formats.mail.names import clean_name
from apps.journeys.services import enclosing
from apps.mss.models import Draft, DraftFile
from apps.mss.services.attachable import FileRefusedError
from apps.mss.services.drafting import DraftNotFoundError
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.dmp.rows import document
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.mss.writing import conversation, draft_in, helper, writer
from tests.mss.writing_pages import count

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def draft(space) -> Draft:
    return draft_in(conversation(space))


@pytest.fixture
def client(space) -> PortalClient:
    return client_of(User.objects.get(pk=writer(space).user_id))


def page_of(draft: Draft) -> str:
    return reverse("journeys:draft_documents", args=[draft.space_id, draft.id])


def enclose(space, draft: Draft, *rows, **values: Any) -> int:
    ids = [row.id for row in rows]
    given = {"actor": writer(space), "draft_id": draft.id, "is_sure": False, "at": NOON, **values}
    return enclosing.enclose(document_ids=ids, **given)


class TestEnclose:
    def test_mss_57_the_bytes_stay_where_they_are_and_both_trails_say_so(self, space, draft):
        row = document(space, size=4_000)
        assert enclose(space, draft, row) == 1
        added = DraftFile.objects.get(space_id=space.id)
        assert (added.document_id, added.file_id, added.size) == (row.id, row.file_id, 4_000)
        assert added.name == clean_name(added.name) == "Résultats de biologie du 18 novembre 2026.xml"
        acts = [event.action for event in events_of(space.id)]
        assert {"mss.draft.file_add", "journeys.document.enclose"} <= set(acts)

    def test_twice_is_once(self, space, draft):
        row = document(space)
        enclose(space, draft, row)
        enclose(space, draft, row)
        assert DraftFile.objects.count() == 1

    def test_hidden_ones_are_asked_about_and_nothing_is_added_before(self, space, draft):
        seen, hidden = document(space), document(space, hidden_at=NOON)
        with pytest.raises(enclosing.HiddenDocumentsError) as asked:
            enclose(space, draft, seen, hidden)
        assert asked.value.documents == [hidden]
        assert DraftFile.objects.count() == 0
        assert enclose(space, draft, seen, hidden, is_sure=True) == 2

    def test_mss_56_all_or_none(self, space, draft, settings):
        settings.MSS_MAX_MESSAGE_BYTES = 200_000 + 1370
        with pytest.raises(FileRefusedError):
            enclose(space, draft, document(space, size=600), document(space, size=600))
        assert DraftFile.objects.count() == 0

    def test_sec_01_documents_and_drafts_of_others_are_not_there(self, space, draft):
        other = factories.space()
        theirs = draft_in(conversation(other))
        with pytest.raises(DocumentNotFoundError):
            enclose(space, draft, document(other))
        with pytest.raises(DraftNotFoundError):
            enclose(space, theirs, document(space))

    def test_acc_33_what_a_minor_keeps_secret_cannot_be_sent_by_a_parent(self, space, draft):
        secret = document(space, kept_from_representatives=True)
        with pytest.raises(DocumentNotFoundError):
            enclose(space, draft, secret, actor=helper(space))


class TestPage:
    def test_m_03_from_the_draft_and_back(self, client, space, draft):
        row = document(space, title="Bilan de mars")
        start = reverse("mss:reply", args=[space.id, draft.thread_id])
        form = {"draft": str(draft.id), "seen": draft.saved_at.isoformat(), "text": "Bonjour docteur."}
        answer = client.post(start, {**form, "act": "documents"})
        assert answer["Location"] == page_of(draft)
        page = client.get(page_of(draft))
        assert "Bilan de mars" in words_of(page)
        assert "Bilan" not in title_of(page)
        answer = client.post(page_of(draft), {"document": str(row.id)})
        assert answer["Location"] == start
        words = words_of(client.get(start))
        assert "1 document ajouté" in words
        assert "Document de cet espace." in words
        assert "Déjà dans le message" in words_of(client.get(page_of(draft)))

    def test_a_hidden_one_is_warned_about_on_a_page_of_its_own(self, client, space, draft):
        row = document(space, hidden_at=NOON)
        assert "Masqué" in words_of(client.get(page_of(draft)))
        asked = client.post(page_of(draft), {"document": str(row.id)})
        assert "1 document choisi est masqué aux professionnels." in words_of(asked)
        assert "Le destinataire du message pourra les lire et les garder." in words_of(asked)
        assert DraftFile.objects.count() == 0
        assert client.post(page_of(draft), {"document": str(row.id), "sur": "oui"}).status_code == 302
        assert DraftFile.objects.count() == 1

    def test_mss_58_what_is_not_checked_cannot_be_chosen(self, client, space, draft):
        row = document(space)
        StoredFile.objects.filter(id=row.file_id).update(state="waiting", scanned_at=None)
        page = client.get(page_of(draft))
        assert "Pas contrôlé par l'antivirus" in words_of(page)
        assert 'type="checkbox"' not in page.content.decode()

    def test_nothing_chosen_and_too_much_are_told(self, client, space, draft, settings):
        row = document(space, size=2_000)
        assert "Choisissez d'abord un document." in words_of(client.post(page_of(draft)))
        settings.MSS_MAX_MESSAGE_BYTES = 200_000 + 1370
        answer = client.post(page_of(draft), {"document": str(row.id)})
        assert answer.status_code == 422
        assert "trop volumineux ensemble" in words_of(answer)

    def test_without_documents_the_page_says_what_to_do(self, client, draft):
        assert "Ajoutez plutôt un fichier de votre appareil." in words_of(client.get(page_of(draft)))

    def test_twenty_a_page_and_the_same_queries(self, client, space, draft):
        document(space)
        client.get(page_of(draft))
        few = count(client, page_of(draft))
        for _ in range(20):
            document(space)
        assert count(client, page_of(draft)) == few
        assert client.get(page_of(draft)).content.decode().count('name="document"') == 20

    def test_sec_01_others_find_nothing(self, client, space, draft):
        assert client.post(page_of(draft), {"document": "x"}).status_code == 404
        assert client.post(page_of(draft), {"document": str(document(factories.space()).id)}).status_code == 404
        other = draft_in(conversation(factories.space()))
        assert client.get(reverse("journeys:draft_documents", args=[space.id, other.id])).status_code == 404

    @pytest.mark.parametrize("sections", [{"messages": "manage"}, {"messages": "read", "documents": "manage"}])
    def test_spa_55_both_sections_are_asked_for(self, space, draft, sections):
        carer = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=carer, sections=sections)
        assert client_of(factories.user(person=carer)).get(page_of(draft)).status_code == 404
