"""M-03: answering, with drafts, files, check, refusals; nothing that was written is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from apps.audit.services import events_of
from apps.files.models import StoredFile
from apps.mss.models import Correspondent, Draft, DraftFile, Message, OutgoingMail, Thread
from apps.mss.services import drafting
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.mss.arriving import letter, receive
from tests.mss.writing import JPEG, PDF, Judge, attach, box_in, conversation, draft_in, helper, writer
from tests.mss.writing_pages import account, brought, checked, count, fill, hidden, page_of, photo, text_in

pytestmark = pytest.mark.django_db
SECOND = "dr.roy@medecin.mssante.example"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def thread(space):
    return conversation(space)


@pytest.fixture
def client(space) -> PortalClient:
    return client_of(account(space))


class TestPage:
    def test_m_03_says_whom_it_goes_to_and_that_it_is_no_emergency_line(self, client, thread):
        page = client.get(page_of(thread))
        words = words_of(page)
        assert page.status_code == 200
        assert "À : Dr Karim Benali" in words
        assert "Objet : Vos analyses" in words
        assert "Pas pour une urgence : appelez le 15." in words
        assert "Un message fait 25 Mo au plus" in words
        assert "18 Mo" in words

    def test_titles_and_addresses_hold_no_name_and_mss_22_no_address(self, client, thread):
        page = client.get(page_of(thread))
        assert "Benali" not in title_of(page)
        assert "mssante.example" not in page.content.decode()

    def test_mss_36_the_draft_is_there_again_and_its_reading_leaves_a_line(self, client, space, thread):
        draft = draft_in(thread, text="J'ai mal <3 au genou.")
        page = client.get(page_of(thread))
        assert "J&#x27;ai mal &lt;3 au genou." in page.content.decode()
        assert hidden(page, "draft") == str(draft.id)
        assert "Brouillon enregistré le" in words_of(page)
        assert "mss.draft.read" in [event.action for event in events_of(space.id)]

    def test_a_draft_of_somebody_else_is_told_as_such(self, client, space, thread):
        draft_in(thread, actor=helper(space))
        assert "par une autre personne qui écrit dans cet espace" in words_of(client.get(page_of(thread)))

    def test_mss_14_whoever_writes_for_somebody_is_told(self, thread, space):
        child = factories.space(person=factories.child_identity())
        parent = factories.identity(first_given_name="ROSA")
        factories.representation(of=child, person=parent)
        mine = conversation(child)
        page = client_of(factories.user(person=parent)).get(page_of(mine))
        assert "Vous écrivez pour Léa Morel" in words_of(page).replace("Lea", "Léa")

    def test_mss_27_who_left_activity_is_told(self, client, thread):
        box = box_in(thread)
        box.national_id = factories.professional(is_active=False).national_id
        box.save(update_fields=["national_id"])
        assert "n'exerce plus : vous n'aurez peut-être pas de réponse." in words_of(client.get(page_of(thread)))

    def test_queries_do_not_grow_with_files_and_messages(self, client, space, thread, django_assert_num_queries):
        draft = draft_in(thread)
        attach(draft)
        client.get(page_of(thread))
        few = count(client, page_of(thread))
        for number in range(6):
            attach(draft, data=JPEG + bytes([number]))
        first = Message.objects.get(space_id=space.id)
        for number in range(20):
            receive(letter(number=f"q{number}", fields=f"In-Reply-To: <{first.message_id}>\r\n"), space)
        assert count(client, page_of(thread)) == few


class TestSend:
    def test_m_03_an_answer_without_files_leaves_at_once(self, client, space, thread):
        answer = fill(client, thread, text="Bonjour, oui, à jeun.")
        assert (answer.status_code, answer["Location"]) == (
            302,
            reverse("mss:thread_detail", args=[space.id, thread.id]),
        )
        sent = Message.objects.get(space_id=space.id, direction="out")
        assert (sent.thread_id, sent.author_id) == (thread.id, account(space).id)
        assert OutgoingMail.objects.get().address == "dr.benali@medecin.mssante.example"
        assert Draft.objects.count() == 0
        assert "mss.message.send" in [event.action for event in events_of(space.id)]

    def test_a_form_that_is_sent_twice_has_one_effect_and_the_same_answer(self, client, space, thread):
        page = client.get(page_of(thread))
        form = {**brought(page), "seen": "", "text": "Une fois.", "act": "envoyer"}
        answers = [client.post(page_of(thread), form) for _ in range(2)]
        assert [answer["Location"] for answer in answers] == [
            reverse("mss:thread_detail", args=[space.id, thread.id])
        ] * 2
        assert Message.objects.filter(space_id=space.id, direction="out").count() == 1
        assert (OutgoingMail.objects.count(), Draft.objects.count()) == (1, 0)

    def test_mss_31_an_empty_message_is_asked_for(self, client, space, thread):
        answer = fill(client, thread, text="  \r\n ")
        assert answer.status_code == 422
        assert "Écrivez votre message." in words_of(answer)
        assert title_of(answer).startswith("Erreur")
        assert not Message.objects.filter(space_id=space.id, direction="out").exists()

    @pytest.mark.parametrize("text", ["<b>gras</b>", "a <script>1</script>", "<a href='x'>", "<!-- -->"])
    def test_mss_31_tags_are_refused_and_the_text_is_still_there(self, client, thread, text):
        answer = fill(client, thread, text=text)
        assert answer.status_code == 422
        assert "Écrivez du texte seul" in words_of(answer)
        assert text in unescape(answer.content.decode())

    @pytest.mark.parametrize("text", ["Tension < 12 et > 8", "je vous <3", "écrivez à <a.b@c.example>", "1<2"])
    def test_signs_that_are_no_tags_are_text(self, client, space, thread, text):
        assert fill(client, thread, text=text).status_code == 302
        assert Message.objects.filter(space_id=space.id, direction="out").exists()

    def test_a_text_that_is_too_long_says_how_long_it_is(self, client, thread):
        answer = fill(client, thread, text="a" * 20_001)
        assert answer.status_code == 422
        assert "20001 caractères" in words_of(answer)

    def test_mss_25_one_or_all(self, client, space):
        receive(letter(number="a1"), space)
        second = letter(number="a2", fields="In-Reply-To: <a1@x.example>\r\n", sender=SECOND)
        receive(second, space, sender=SECOND, at=NOON - timedelta(minutes=1))
        thread = Thread.objects.get(space_id=space.id)
        page = client.get(page_of(thread))
        assert "Tous : " in words_of(page)
        fill(client, thread, to="tous")
        assert OutgoingMail.objects.count() == 2
        fill(client, thread, to="un")
        assert OutgoingMail.objects.count() == 3

    def test_mss_84_too_many_messages_are_told_and_the_text_is_kept(self, client, space, thread, settings):
        settings.LIMITS = {**settings.LIMITS, "mss_send": (1, 3600)}
        fill(client, thread, text="Un.")
        answer = fill(client, thread, text="Deux.")
        assert answer.status_code == 422
        assert "Votre brouillon est gardé" in words_of(answer)
        assert text_in(space) == "Deux."


class TestDraft:
    def test_saving_keeps_the_text_and_comes_back(self, client, space, thread):
        answer = fill(client, thread, act="garder", text="À finir.")
        assert answer["Location"] == page_of(thread)
        assert text_in(space) == "À finir."
        page = client.get(page_of(thread))
        assert title_of(page).startswith("Brouillon enregistré")
        assert "À finir." in page.content.decode()

    def test_the_script_saves_by_itself_and_gets_what_the_form_needs(self, client, space, thread):
        answer = fill(client, thread, act="auto", text="En cours")
        draft = Draft.objects.get(space_id=space.id)
        assert answer.json() == {
            "draft": str(draft.id),
            "seen": draft.saved_at.isoformat(),
            "said": "Brouillon enregistré le 25\u00a0novembre 2026 à 13\u00a0h\u00a000.",
        }
        form = {"draft": answer.json()["draft"], "seen": answer.json()["seen"], "act": "auto"}
        assert client.post(page_of(thread), {**form, "text": "En cours, suite"}).status_code == 200
        assert client.post(page_of(thread), {**form, "text": "<b>"}).status_code == 422
        assert text_in(space) == "En cours, suite"

    def test_the_script_has_nothing_to_save_before_something_is_written(self, client, thread):
        assert fill(client, thread, act="auto", text="").status_code == 204
        assert Draft.objects.count() == 0

    def test_nothing_written_makes_no_draft(self, client, thread):
        assert fill(client, thread, act="garder", text="").status_code == 302
        assert Draft.objects.count() == 0

    def test_a_text_that_was_saved_since_is_not_written_over_and_both_are_shown(self, client, space, thread):
        page = client.get(page_of(thread))
        draft_in(thread, actor=helper(space), text="Je suis sa fille.")
        form = {**brought(page), "text": "Mon texte.", "act": "garder"}
        answer = client.post(page_of(thread), form)
        assert answer.status_code == 422
        assert text_in(space) == "Je suis sa fille."
        words = words_of(answer)
        assert "Je suis sa fille." in words
        assert "Mon texte." in words
        form |= brought(answer)
        assert client.post(page_of(thread), form).status_code == 302
        assert text_in(space) == "Mon texte."

    def test_a_fault_in_the_text_does_not_hide_what_another_saved(self, client, space, thread):
        page = client.get(page_of(thread))
        form = {**brought(page), "act": "garder"}
        draft_in(thread, actor=helper(space), text="Je suis sa fille.")
        again = client.post(page_of(thread), {**form, "text": "<b>"})
        form |= brought(again)
        assert client.post(page_of(thread), {**form, "text": "Mon texte."}).status_code == 422
        assert text_in(space) == "Je suis sa fille."

    def test_deleting_asks_first(self, client, space, thread):
        attach(draft_in(thread))
        asked = client.get(page_of(thread, "_discard"))
        assert "Supprimer ce brouillon" in words_of(asked)
        assert Draft.objects.exists()
        answer = client.post(page_of(thread, "_discard"), checked(asked))
        assert answer["Location"] == reverse("mss:thread_detail", args=[space.id, thread.id])
        assert not Draft.objects.exists()
        assert client.post(page_of(thread, "_discard")).status_code == 302  # twice is once
        assert client.get(page_of(thread, "_discard"))["Location"] == page_of(thread)

    def test_sec_01_the_id_of_a_draft_of_another_conversation_changes_nothing_there(self, client, space, thread):
        other = conversation(space)
        draft = draft_in(other, text="Là-bas.")
        fill(client, thread, act="garder", draft=str(draft.id), text="Ici.")
        assert {drafting.text_of(each) for each in Draft.objects.filter(space_id=space.id)} == {"Là-bas.", "Ici."}


class TestFiles:
    def test_files_are_added_with_the_text_and_told(self, client, space, thread):
        answer = fill(client, thread, act="ajouter", files=[photo(), photo(PDF, "notes.pdf")])
        assert answer["Location"] == page_of(thread)
        assert {row.name for row in DraftFile.objects.filter(space_id=space.id)} == {"genou.jpg", "notes.pdf"}
        assert text_in(space) == "Bonjour docteur."
        words = words_of(client.get(page_of(thread)))
        assert "2 pièces jointes" in words
        assert "En cours de contrôle par l'antivirus" in words

    def test_one_that_is_refused_is_named_and_the_others_and_the_text_stay(self, client, space, thread):
        files = [photo(), photo(b"MZ\x90\x00", "ordonnance-\u202efdp.exe")]
        answer = fill(client, thread, act="ajouter", files=files)
        assert answer.status_code == 422
        assert "« ordonnance-fdp.exe » n'est pas d'un type accepté" in words_of(answer)
        assert [row.name for row in DraftFile.objects.filter(space_id=space.id)] == ["genou.jpg"]
        assert text_in(space) == "Bonjour docteur."
        assert hidden(answer, "draft") == str(Draft.objects.get().id)

    def test_mss_56_too_large_says_what_is_left(self, client, space, thread, settings):
        settings.MSS_MAX_MESSAGE_BYTES = 200_000 + 1370
        answer = fill(client, thread, act="ajouter", files=[photo(PDF + b" " * 2000, "a.pdf")])
        assert answer.status_code == 422
        assert "« a.pdf » est trop volumineux : il reste 1,0 ko" in words_of(answer)
        assert text_in(space) == "Bonjour docteur."

    def test_choosing_nothing_is_told(self, client, space, thread):
        answer = fill(client, thread, act="ajouter")
        assert "Choisissez d'abord un fichier." in words_of(answer)
        assert text_in(space) == "Bonjour docteur."

    def test_a_sending_that_was_cut_keeps_the_text(self, client, space, thread, settings):
        settings.UPLOAD_LIMITS = {"": 50_000}
        page = client.get(page_of(thread))
        form = {
            "draft": hidden(page, "draft"),
            "seen": "",
            "text": "Gardé.",
            "files": [photo(b"%PDF-" + b"x" * 90_000)],
        }
        answer = client.post(page_of(thread), {**form, "act": "ajouter"})
        assert answer.status_code == 422
        assert "Rien de plus n'est arrivé" in words_of(answer)
        assert text_in(space) == "Gardé."

    def test_taking_one_out(self, client, space, thread):
        row = attach(draft_in(thread))
        answer = fill(client, thread, act=f"retirer:{row.id}")
        assert answer["Location"] == page_of(thread)
        assert DraftFile.objects.count() == 0
        assert StoredFile.objects.get(id=row.file_id).state == StoredFile.State.DESTROYED
        assert fill(client, thread, act="retirer:x").status_code == 302

    def test_files_chosen_with_a_text_that_is_not_right_are_asked_for_again(self, client, thread):
        answer = fill(client, thread, text="<b>", files=[photo()])
        assert "choisissez-les de nouveau" in words_of(answer)
        assert DraftFile.objects.count() == 0


class TestCheck:
    def test_m_03_a_message_with_files_is_checked_before_it_leaves(self, client, space, thread):
        answer = fill(client, thread, files=[photo()], text="Voici la photo.")
        assert answer["Location"] == page_of(thread, "_check")
        words = words_of(client.get(page_of(thread, "_check")))
        for part in ("Dr Karim Benali", "Vos analyses", "Voici la photo.", "genou.jpg", "22 octets", "ne peuvent plus"):
            assert part in words
        assert not Message.objects.filter(space_id=space.id, direction="out").exists()

    def test_it_leaves_once(self, client, space, thread):
        fill(client, thread, files=[photo()])
        page = client.get(page_of(thread, "_check"))
        for _ in range(2):
            answer = client.post(page_of(thread, "_check"), checked(page))
            assert answer["Location"] == reverse("mss:thread_detail", args=[space.id, thread.id])
        sent = Message.objects.get(space_id=space.id, direction="out")
        assert [each.name for each in sent.attachments.filter(space_id=space.id)] == ["genou.jpg"]
        assert (OutgoingMail.objects.count(), DraftFile.objects.count()) == (1, 0)

    def test_mss_58_an_infected_file_keeps_the_message_here(self, client, space, thread):
        attach(draft_in(thread), judged=Judge(infected=True))
        page = client.get(page_of(thread, "_check"))
        assert "Refusé : l'antivirus a trouvé un virus. Retirez ce fichier." in words_of(page)
        assert ">Envoyer<" not in page.content.decode()
        answer = client.post(page_of(thread, "_check"), checked(page))
        assert answer.status_code == 422
        assert "un de ses fichiers a été refusé par l'antivirus" in words_of(answer)
        assert Draft.objects.filter(space_id=space.id).exists()

    def test_a_clean_file_says_so(self, client, thread):
        attach(draft_in(thread), judged=Judge())
        assert "Contrôlé : aucun virus trouvé." in words_of(client.get(page_of(thread, "_check")))

    def test_to_all_is_kept_from_page_to_page(self, client, space):
        receive(letter(number="a1"), space)
        second = letter(number="a2", fields="In-Reply-To: <a1@x.example>\r\n", sender=SECOND)
        receive(second, space, sender=SECOND)
        thread = Thread.objects.get(space_id=space.id)
        answer = fill(client, thread, files=[photo()], to="tous")
        page = client.get(answer["Location"])
        client.post(answer["Location"], checked(page))
        assert OutgoingMail.objects.count() == 2

    def test_without_a_draft_there_is_nothing_to_check(self, client, thread):
        assert client.get(page_of(thread, "_check"))["Location"] == page_of(thread)
        assert client.post(page_of(thread, "_check"))["Location"] == page_of(thread)

    def test_a_draft_that_somebody_deleted_meanwhile_is_told(self, client, space, thread):
        fill(client, thread, files=[photo()])
        page = client.get(page_of(thread, "_check"))
        drafting.discard(actor=writer(space), draft_id=Draft.objects.get().id, at=NOON)
        answer = client.post(page_of(thread, "_check"), checked(page))
        assert answer["Location"] == reverse("mss:thread_detail", args=[space.id, thread.id])
        assert not Message.objects.filter(space_id=space.id, direction="out").exists()


class TestRefusal:
    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"ended_at": NOON}, "Dr Karim Benali a mis fin à l'échange."),
            ({"blocked_at": NOON}, "Dr Karim Benali est bloqué dans cet espace"),
        ],
    )
    def test_mss_24_the_reason_is_told_and_what_was_written_is_kept(self, client, space, thread, change, words):
        form = {
            "draft": hidden(client.get(page_of(thread)), "draft"),
            "seen": "",
            "text": "Trop tard.",
            "act": "envoyer",
        }
        Correspondent.objects.filter(space_id=space.id).update(**change)
        answer = client.post(page_of(thread), form)
        assert answer.status_code == 422
        assert words in words_of(answer)
        assert text_in(space) == "Trop tard."
        assert not Message.objects.filter(space_id=space.id, direction="out").exists()

    def test_mss_24_an_end_between_check_and_sending_is_refused_by_the_service(self, client, space, thread):
        fill(client, thread, files=[photo()])
        page = client.get(page_of(thread, "_check"))
        Correspondent.objects.filter(space_id=space.id).update(ended_at=NOON)
        answer = client.post(page_of(thread, "_check"), checked(page))
        assert answer.status_code == 422
        assert "a mis fin à l'échange" in words_of(answer)

    @pytest.mark.parametrize(
        ("column", "words"),
        [("closed_at", "Cette conversation est close."), ("binned_at", "Cette conversation est dans la corbeille.")],
    )
    def test_mss_25_a_closed_conversation_offers_a_new_message(self, client, space, thread, column, words):
        Thread.objects.filter(space_id=space.id).update(**{column: NOON})
        page = client.get(page_of(thread))
        assert words in words_of(page)
        assert reverse("mss:message_new", args=[space.id, box_in(thread).id]) in page.content.decode()
        assert fill(client, thread).status_code == 422

    def test_mss_25_a_machine_takes_no_answers(self, client, space, thread):
        Message.objects.filter(space_id=space.id).update(correspondent_id=None)
        assert "n'accepte pas de réponse" in words_of(client.get(page_of(thread)))
        assert client.post(page_of(thread), {"text": "a", "act": "envoyer"}).status_code == 422

    def test_mss_81_sec_01_who_may_only_read_finds_no_page(self, space, thread):
        reader = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=reader, sections={"messages": "read"})
        client = client_of(factories.user(person=reader))
        for step in ("", "_check", "_discard"):
            assert client.get(page_of(thread, step)).status_code == 404
            assert client.post(page_of(thread, step), {"text": "a", "act": "envoyer"}).status_code == 404

    def test_mss_81_a_delegate_who_manages_writes_under_their_own_name(self, space, thread):
        carer = factories.identity(first_given_name="DIANE")
        factories.delegation(of=space, person=carer, sections={"messages": "manage"})
        user = factories.user(person=carer)
        assert fill(client_of(user), thread).status_code == 302
        sent = Message.objects.get(space_id=space.id, direction="out")
        assert (sent.author_id, sent.author_role) == (user.id, "delegate")

    def test_sec_01_conversations_of_others_are_not_found(self, client, space):
        other = conversation(factories.space())
        for step in ("", "_check", "_discard"):
            path = reverse(f"mss:reply{step}", args=[space.id, other.id])
            assert client.get(path).status_code == client.post(path).status_code == 404
