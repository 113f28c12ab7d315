"""M-01 and M-02: the list of conversations and one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.services import events_of
from apps.mss.models import Attachment, Message, OutgoingMail, Thread
from apps.mss.services import answering
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.mss.arriving import letter, receive
from tests.mss.test_attaching import doc_of, mixed, send
from tests.mss.test_reading import check_all
from tests.mss.writing import PDF, conversation, draft_in, writer
from tests.mss.writing_pages import brought, count

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def client(space):
    return client_of(User.objects.get(pk=writer(space).user_id))


def list_of(space) -> str:
    return reverse("mss:thread_list", args=[space.id])


def page_of(thread: Thread) -> str:
    return reverse("mss:thread_detail", args=[thread.space_id, thread.id])


class TestList:
    def test_m_01_an_empty_box_says_who_begins(self, client, space):
        assert "Aucun message Un professionnel doit vous écrire en premier." in words_of(client.get(list_of(space)))

    def test_mss_40_newest_first_with_names_and_what_is_unread(self, client, space):
        first = conversation(space, subject="Ancien")
        receive(letter(number="n2", subject="Nouveau"), space, at=NOON + timedelta(hours=1))
        Message.objects.filter(space_id=space.id, thread_id=first.id).update(read_at=NOON)
        Thread.objects.filter(space_id=space.id, id=first.id).update(unread=0)
        page = client.get(list_of(space))
        words = words_of(page)
        assert words.index("Nouveau") < words.index("Ancien")
        assert "2 conversations, 1 non lue." in words
        assert words.count("Non lu ") == 1
        assert words.count("Dr Karim Benali") == 2
        assert "medecin.mssante.example" not in page.content.decode()

    def test_mss_32_the_holders_traits_are_not_in_the_list(self, client, space):
        conversation(space, subject="XDM/1.0/DDM+CR de biologie MOREL ALICE 14/06/1984")
        words = words_of(client.get(list_of(space)))
        assert "CR de biologie" in words
        assert "1984" not in words

    def test_mss_37_the_bin_is_not_in_it(self, client, space):
        conversation(space)
        Thread.objects.filter(space_id=space.id).update(binned_at=NOON)
        assert "Vos analyses" not in words_of(client.get(list_of(space)))

    def test_twenty_a_page_and_the_same_queries(self, client, space):
        conversation(space)
        client.get(list_of(space))
        few = count(client, list_of(space))
        for _ in range(20):
            conversation(space)
        assert count(client, list_of(space)) == few
        assert words_of(client.get(list_of(space) + "?page=2")).count("Vos analyses") == 1

    def test_m_01_says_since_when_nothing_leaves_and_what_left_last(self, client, space):
        thread = conversation(space)
        for minute in range(2):
            draft = draft_in(thread)
            at = NOON + timedelta(minutes=minute)
            answering.send(actor=writer(space), draft_id=draft.id, to_all=False, at=at)
        assert "Vos messages ne partent pas" not in words_of(client.get(list_of(space)))
        first, second = OutgoingMail.objects.order_by("written_at")
        OutgoingMail.objects.filter(pk=first.pk).update(state="sent", ended_at=NOON + timedelta(seconds=30))
        OutgoingMail.objects.filter(pk=second.pk).update(problem="relay-away")
        words = words_of(client.get(list_of(space)))
        assert "Le plus ancien attend depuis le 25 novembre 2026 à 13 h 01." in words
        assert "Dernier message transmis : le 25 novembre 2026 à 13 h 00." in words

    def test_m_01_what_others_wait_for_says_nothing_here(self, client, space):
        other = factories.space()
        draft = draft_in(conversation(other))
        answering.send(actor=writer(other), draft_id=draft.id, to_all=False, at=NOON)
        OutgoingMail.objects.update(problem="relay-away")
        assert "Vos messages ne partent pas" not in words_of(client.get(list_of(space)))

    def test_mss_11_the_address_can_be_copied_by_those_who_see_it(self, client, space):
        assert 'data-ens-copy="adresse"' in client.get(list_of(space)).content.decode()
        carer = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=carer, sections={"messages": "read"})
        page = client_of(factories.user(person=carer)).get(list_of(space))
        assert "data-ens-copy" not in page.content.decode()

    def test_sec_01_conversations_of_others_are_not_there(self, client, space):
        conversation(factories.space())
        assert "Vos analyses" not in words_of(client.get(list_of(space)))

    def test_mss_81_the_list_is_traced_for_a_delegate_who_may_not_write(self, space):
        carer = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=carer, sections={"messages": "read"})
        page = client_of(factories.user(person=carer)).get(list_of(space))
        assert page.status_code == 200
        assert "Nouveau message" not in words_of(page)
        assert "mss.list.read" in [event.action for event in events_of(space.id)]

    def test_spa_55_a_delegate_without_the_section_finds_no_page(self, space):
        carer = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=carer, sections={"documents": "read"})
        assert client_of(factories.user(person=carer)).get(list_of(space)).status_code == 404


class TestEmpty:
    """S17: a message without a text says so."""

    def test_s17_no_text_at_all(self, client, space):
        head, _, _ = letter(number="file").partition(b"Content-Type")
        receive(head + b"Content-Type: application/pdf\r\n\r\n%PDF-1.7\r\n", space)
        assert "(sans texte)" in words_of(client.get(page_of(Thread.objects.get(space_id=space.id))))

    def test_s17_nothing_but_scripts(self, client, space):
        head, _, _ = letter(number="html").partition(b"Content-Type")
        html = b"Content-Type: text/html\r\n\r\n<html><script>x()</script><img src=https://x.example/p.png></html>\r\n"
        receive(head + html, space)
        page = client.get(page_of(Thread.objects.get(space_id=space.id)))
        assert "(sans texte lisible)" in words_of(page)
        assert "x.example/p.png" not in page.content.decode()


class TestOutlook:
    """S15: a file that only Outlook opens is explained, and can be asked for in another form."""

    @pytest.fixture
    def thread(self, space):
        receive(mixed(("winmail.dat", "application/ms-tnef", b"\x78\x9f\x3e\x22"), number="tnef"), space)
        return Thread.objects.get(space_id=space.id)

    def test_s15_the_page_explains_it_and_leads_to_a_request(self, client, thread):
        page, again = client.get(page_of(thread)), reverse("mss:reply", args=[thread.space_id, thread.id])
        assert "Seul le logiciel Outlook ouvre ce fichier." in words_of(page)
        assert f'href="{again}?texte=renvoyer"' in page.content.decode()
        begun = client.get(f"{again}?texte=renvoyer")
        assert "Pouvez-vous renvoyer son contenu, par exemple en PDF ?" in words_of(begun)

    def test_s15_a_text_that_was_begun_stays(self, client, thread):
        draft_in(thread, text="Je réponds.")
        assert "texte=renvoyer" not in client.get(page_of(thread)).content.decode()
        begun = words_of(client.get(reverse("mss:reply", args=[thread.space_id, thread.id]) + "?texte=renvoyer"))
        assert "Je réponds." in begun
        assert "Pouvez-vous renvoyer" not in begun

    def test_s15_another_text_than_ours_is_none(self, client, thread):
        begun = client.get(reverse("mss:reply", args=[thread.space_id, thread.id]) + "?texte=%3Cscript%3E")
        assert "script%3E" not in begun.content.decode().partition("<main")[2].partition("<footer")[0]

    def test_s15_who_may_only_read_is_led_nowhere(self, space, thread):
        carer = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=carer, sections={"messages": "read"})
        page = client_of(factories.user(person=carer)).get(page_of(thread))
        assert "Seul le logiciel Outlook ouvre ce fichier." in words_of(page)
        assert "texte=renvoyer" not in page.content.decode()


class TestDetail:
    def test_m_02_messages_oldest_first_with_their_states_and_the_answer(self, client, space):
        thread = conversation(space, text="Venez à jeun.")
        draft = draft_in(thread, text="Merci <3")
        answering.send(actor=writer(space), draft_id=draft.id, to_all=False, at=NOON + timedelta(minutes=1))
        page = client.get(page_of(thread))
        words = words_of(page)
        assert words.index("Venez à jeun.") < words.index("Merci <3")
        assert "Vous le 25 novembre 2026" in words
        assert "Répondre à Dr Karim Benali" in words
        assert "Pas pour une urgence : appelez le 15" in words
        assert "Benali" not in title_of(page)
        assert "mssante.example" not in page.content.decode()
        assert "mss.message.read" in [event.action for event in events_of(space.id)]

    def test_mss_65_a_refusal_says_why(self, client, space):
        thread = conversation(space)
        draft = draft_in(thread)
        answering.send(actor=writer(space), draft_id=draft.id, to_all=False, at=NOON)
        OutgoingMail.objects.update(state="refused", ended_at=NOON, status_code="5.2.1")
        assert "est fermée" in words_of(client.get(page_of(thread)))

    def test_mss_14_what_somebody_else_wrote_bears_their_name(self, client, space):
        thread = conversation(space)
        carer = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=carer, sections={"messages": "manage"})
        other = client_of(factories.user(person=carer))
        form = {**brought(other.get(page_of(thread))), "text": "Je suis sa fille.", "act": "envoyer"}
        other.post(reverse("mss:reply", args=[space.id, thread.id]), form)
        assert "Diane Morel" in words_of(client.get(page_of(thread)))

    def test_mss_55_what_came_along_can_be_saved(self, client, space):
        message = receive(mixed(("notes.pdf", "application/pdf", PDF)), space)[0]
        row = message.attachments.get(space_id=space.id)
        page = client.get(reverse("mss:thread_detail", args=[space.id, message.thread_id]))
        assert "notes.pdf" in words_of(page)
        assert reverse("journeys:attachment_save", args=[space.id, row.id]) not in page.content.decode()
        check_all()
        page = client.get(reverse("mss:thread_detail", args=[space.id, message.thread_id]))
        assert reverse("journeys:attachment_save", args=[space.id, row.id]) in page.content.decode()

    def test_mss_55_what_nobody_can_open_offers_no_saving(self, client, space):
        message = receive(mixed(("notes.pdf", "application/pdf", PDF)), space)[0]
        address = reverse("mss:thread_detail", args=[space.id, message.thread_id])
        assert "enregistrer" not in client.get(address).content.decode()
        check_all(infected=True)
        assert "enregistrer" not in client.get(address).content.decode()

    def test_mss_39_a_text_that_does_not_open_takes_no_other_one_with_it(self, client, space):
        thread = conversation(space, text="Lisible.")
        first = Message.objects.get(space_id=space.id)
        receive(letter(number="bad", fields=f"In-Reply-To: <{first.message_id}>\r\n"), space)
        Message.objects.filter(space_id=space.id).exclude(id=first.id).update(body_sealed=first.body_sealed)
        words = words_of(client.get(page_of(thread)))
        assert "Lisible." in words
        assert "Le texte de ce message ne peut pas être ouvert pour l'instant." in words

    def test_mss_39_the_original_is_offered_once_it_was_checked_and_not_to_relatives(self, client, space):
        thread = conversation(space)
        assert "Message d'origine" not in words_of(client.get(page_of(thread)))
        check_all()
        assert "Message d'origine" in words_of(client.get(page_of(thread)))
        carer = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=carer, sections={"messages": "manage"})
        relative = client_of(factories.user(person=carer))
        assert "Message d'origine" not in words_of(relative.get(page_of(thread)))

    def test_mss_26_mss_61_s13_what_else_the_reader_is_told(self, client, space):
        thread = conversation(space)
        names = [{"name": "Alice Morel", "is_copy": False}, {"name": "Dr Sow", "is_copy": True}]
        Message.objects.filter(space_id=space.id).update(recipients=names, wants_receipt=True, is_doubtful=True)
        words = words_of(client.get(page_of(thread)))
        assert "À : Alice Morel, Dr Sow" in words
        assert "L'expéditeur a demandé à savoir quand vous l'avez lu." in words
        assert "Certains caractères sont peut-être faux" in words

    def test_mss_24_the_end_names_who_ended_it(self, client, space):
        thread = conversation(space)
        receive(letter(number="fin", subject="[FIN]", text=""), space)
        assert "Dr Karim Benali a mis fin à l'échange." in words_of(client.get(page_of(thread)))

    def test_mss_50_a_held_document_counts_once_with_its_archive(self, client, space):
        message = send(space, doc_of(space))
        Attachment.objects.filter(space_id=space.id).update(held="other-patient")
        address = reverse("mss:thread_detail", args=[space.id, message.thread_id])
        assert "1 pièce jointe n'est pas affichée" in words_of(client.get(address))

    def test_sec_07_texts_are_texts(self, client, space):
        client.braces_allowed = True
        thread = conversation(space, text="<script>1</script> {{ 1 }}", subject="<b>x</b>")
        html = client.get(page_of(thread)).content.decode()
        assert "<script>1" not in html
        assert "<b>x" not in html

    def test_queries_do_not_grow(self, client, space):
        thread = conversation(space)
        first = Message.objects.get(space_id=space.id)
        client.get(page_of(thread))
        few = count(client, page_of(thread))
        for number in range(20):
            receive(letter(number=f"q{number}", fields=f"In-Reply-To: <{first.message_id}>\r\n"), space)
        client.get(page_of(thread))  # marks them read
        assert count(client, page_of(thread)) == few

    def test_sec_01_of_others_it_is_not_found(self, client, space):
        other = conversation(factories.space())
        assert client.get(reverse("mss:thread_detail", args=[space.id, other.id])).status_code == 404
