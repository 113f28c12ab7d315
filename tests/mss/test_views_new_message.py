"""M-06: whom a new message may go to, and the message itself (MSS-20, MSS-24)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.accounts.models import User
from apps.mss.models import Correspondent, Draft, Message, OutgoingMail, Thread
from apps.mss.services import drafting
from apps.spaces.models import HealthSpace
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.mss.writing import JPEG, box_in, conversation, writer
from tests.mss.writing_pages import brought, checked, count

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def box(space):
    return box_in(conversation(space))


@pytest.fixture
def client(space) -> PortalClient:
    return client_of(User.objects.get(pk=writer(space).user_id))


def list_of(space: HealthSpace) -> str:
    return reverse("mss:thread_new", args=[space.id])


def page_of(box: Correspondent, step: str = "new") -> str:
    return reverse(f"mss:message_{step}", args=[box.space_id, box.id])


def fill(client: PortalClient, box: Correspondent, act: str = "envoyer", **fields: Any) -> Any:
    page = client.get(page_of(box))
    kept = brought(page)
    written = {"subject": "Renouvellement", "text": "Bonjour docteur.", "act": act}
    return client.post(page_of(box), {**kept, **written, **fields})


def boxes(space: HealthSpace, number: int) -> None:
    for each in range(number):
        Correspondent.objects.create(
            space_id=space.id, address=f"{each}@x.example", display_name=f"Dr {each}", wrote_at=NOON
        )


class TestList:
    def test_mss_20_without_anybody_the_page_says_why(self, client, space):
        page = client.get(list_of(space))
        assert "Personne à qui écrire pour le moment" in words_of(page)
        assert "Un professionnel doit vous écrire en premier." in words_of(page)

    def test_mss_20_who_wrote_is_there_and_mss_22_without_an_address(self, client, space, box):
        page = client.get(list_of(space))
        assert page_of(box) in page.content.decode()
        assert "Dr Karim Benali" in words_of(page)
        assert "Dernier message le" in words_of(page)
        assert "mssante.example" not in page.content.decode()
        assert "Benali" not in title_of(page)

    @pytest.mark.parametrize("change", [{"ended_at": NOON}, {"blocked_at": NOON}])
    def test_mss_24_who_ended_or_is_blocked_is_not(self, client, space, box, change):
        Correspondent.objects.filter(space_id=space.id).update(**change)
        page = client.get(list_of(space))
        assert page_of(box) not in page.content.decode()
        assert ("1 correspondant a mis fin à l'échange" in words_of(page)) == ("ended_at" in change)

    def test_mss_36_a_message_that_was_begun_is_marked(self, client, space, box):
        fill(client, box, act="garder")
        assert "Dr Karim Benali Brouillon" in words_of(client.get(list_of(space)))

    def test_twenty_a_page_and_the_same_queries(self, client, space):
        boxes(space, 1)
        client.get(list_of(space))
        few = count(client, list_of(space))
        Correspondent.objects.filter(space_id=space.id).delete()
        boxes(space, 21)
        assert count(client, list_of(space)) == few
        assert client.get(list_of(space)).content.decode().count("/messagerie/nouveau/0") == 20
        assert client.get(list_of(space) + "?page=2").content.decode().count("/messagerie/nouveau/0") == 1

    def test_sec_01_boxes_of_others_are_not_there(self, client, space):
        conversation(factories.space())
        assert "Benali" not in words_of(client.get(list_of(space)))


class TestMessage:
    def test_it_begins_a_conversation(self, client, space, box):
        answer = fill(client, box)
        sent = Message.objects.get(space_id=space.id, direction="out")
        assert answer["Location"] == reverse("mss:thread_detail", args=[space.id, sent.thread_id])
        thread = Thread.objects.get(space_id=space.id, id=sent.thread_id)
        assert (thread.subject, thread.messages, thread.unread) == ("Renouvellement", 1, 0)
        assert OutgoingMail.objects.get().address == box.address
        assert Thread.objects.filter(space_id=space.id).count() == 2

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"subject": ""}, "Écrivez un objet."),
            ({"text": ""}, "Écrivez votre message."),
            ({"subject": "[FIN]"}, "Écrivez l'objet en texte seul"),
            ({"subject": "a <b>"}, "Écrivez l'objet en texte seul"),
        ],
    )
    def test_mss_31_subject_and_text_are_asked_for(self, client, space, box, fields, words):
        answer = fill(client, box, **fields)
        assert answer.status_code == 422
        assert words in words_of(answer)
        assert not Message.objects.filter(space_id=space.id, direction="out").exists()

    def test_what_is_missing_does_not_lose_what_was_written(self, client, space, box):
        fill(client, box, subject="", files=[SimpleUploadedFile("genou.jpg", JPEG)])
        draft = Draft.objects.get(space_id=space.id)
        assert drafting.text_of(draft) == "Bonjour docteur."
        assert [row.name for row in draft.files.filter(space_id=space.id)] == ["genou.jpg"]

    def test_sec_22_a_subject_of_several_lines_is_one(self, client, space, box):
        fill(client, box, subject="Genou\r\nBcc: x@y.example")
        assert Message.objects.get(space_id=space.id, direction="out").subject == "Genou Bcc: x@y.example"

    def test_with_files_it_is_checked_first(self, client, space, box):
        answer = fill(client, box, files=[SimpleUploadedFile("genou.jpg", JPEG)])
        assert answer["Location"] == page_of(box, "check")
        page = client.get(page_of(box, "check"))
        assert "Renouvellement" in words_of(page)
        client.post(page_of(box, "check"), checked(page))
        assert Message.objects.filter(space_id=space.id, direction="out").count() == 1

    def test_the_draft_comes_back_and_can_be_deleted(self, client, space, box):
        fill(client, box, act="garder", text="À finir.")
        page = client.get(page_of(box))
        assert "À finir." in page.content.decode()
        assert 'value="Renouvellement"' in page.content.decode()
        asked = client.get(page_of(box, "discard"))
        answer = client.post(page_of(box, "discard"), checked(asked))
        assert answer["Location"] == reverse("mss:thread_list", args=[space.id])
        assert not Draft.objects.exists()

    def test_mss_21_to_a_pharmacy_the_original_is_asked_for(self, client, space):
        pharmacy = Correspondent.objects.create(
            space_id=space.id, address="p@pharma.example", display_name="Pharmacie B", kind="ORG", is_pharmacy=True
        )
        assert "apportez le papier avec vous" in words_of(client.get(page_of(pharmacy)))
        assert fill(client, pharmacy).status_code == 302

    def test_mss_24_after_an_end_the_reason_is_told(self, client, space, box):
        Correspondent.objects.filter(space_id=space.id).update(ended_at=NOON)
        page = client.get(page_of(box))
        assert "a mis fin à l'échange" in words_of(page)
        assert list_of(space) in page.content.decode()
        assert client.post(page_of(box), {"subject": "a", "text": "b", "act": "envoyer"}).status_code == 422

    def test_sec_01_boxes_of_others_and_unknown_ones_are_not_found(self, client, space):
        other = box_in(conversation(factories.space()))
        for box_id in (other.id, uuid4()):
            for step in ("new", "check", "discard"):
                path = reverse(f"mss:message_{step}", args=[space.id, box_id])
                assert client.get(path).status_code == client.post(path).status_code == 404

    def test_mss_81_who_may_only_read_finds_no_page(self, space, box):
        reader = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=reader, sections={"messages": "read"})
        client = client_of(factories.user(person=reader))
        for path in (list_of(space), page_of(box), page_of(box, "check"), page_of(box, "discard")):
            assert client.get(path).status_code == 404
