"""Nothing leaves that was not shown: the draft that is sent is the one of the page (M-03, MSS-36)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.audit.services import events_of
from apps.mss.models import Correspondent, Draft, DraftFile, Message, OutgoingMail
from apps.mss.services import answering, drafting
from apps.mss.services.drafting import DraftChangedError, Seen
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.mss.arriving import letter, receive
from tests.mss.writing import PDF, attach, conversation, draft_in, helper, place_of, words, writer
from tests.mss.writing_pages import account, brought, checked, fill, hidden, page_of, photo, text_in

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)
BENALI, ROY, ZED = "dr.benali@medecin.mssante.example", "dr.roy@m.mssante.example", "dr.zed@m.mssante.example"


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
def client(space):
    return client_of(account(space))


def written_over(space, thread, text: str = "Je suis sa fille.") -> None:
    """Somebody else saves another text."""
    draft = Draft.objects.get(space_id=space.id)
    theirs = words(text, draft_id=draft.id, seen_at=draft.saved_at)
    drafting.save(actor=helper(space), place=place_of(thread), words=theirs, at=LATER)


def nothing_left() -> bool:
    return not Message.objects.filter(direction="out").exists() and not OutgoingMail.objects.exists()


class TestCheck:
    def test_a_text_that_was_saved_after_the_check_was_shown_is_shown_and_does_not_leave(self, client, space, thread):
        fill(client, thread, files=[photo()], text="Voici la photo.")
        page = client.get(page_of(thread, "_check"))
        written_over(space, thread)

        answer = client.post(page_of(thread, "_check"), checked(page))

        assert answer.status_code == 422
        assert nothing_left()
        shown = words_of(answer)
        assert "Ce message a été modifié entre-temps" in shown
        assert "Je suis sa fille." in shown
        assert "Voici la photo." not in shown

    def test_once_it_was_read_again_it_leaves(self, client, space, thread):
        fill(client, thread, files=[photo()])
        page = client.get(page_of(thread, "_check"))
        written_over(space, thread)

        again = client.post(page_of(thread, "_check"), checked(page))
        assert client.post(page_of(thread, "_check"), checked(again)).status_code == 302

        assert Message.objects.filter(space_id=space.id, direction="out").count() == 1

    def test_a_file_that_was_added_after_the_check_was_shown_does_not_leave(self, client, space, thread):
        fill(client, thread, files=[photo()])
        page = client.get(page_of(thread, "_check"))
        attach(Draft.objects.get(space_id=space.id), name="compte-rendu.pdf", data=PDF)

        answer = client.post(page_of(thread, "_check"), checked(page))

        assert (answer.status_code, nothing_left()) == (422, True)
        assert "compte-rendu.pdf" in words_of(answer)

    def test_a_file_that_was_taken_out_is_missed(self, client, space, thread):
        fill(client, thread, files=[photo(), photo(PDF, "notes.pdf")])
        page = client.get(page_of(thread, "_check"))
        row = DraftFile.objects.get(space_id=space.id, name="notes.pdf")
        drafting.remove_file(actor=helper(space), draft_id=row.draft_id, row_id=row.id, at=LATER)

        assert client.post(page_of(thread, "_check"), checked(page)).status_code == 422
        assert nothing_left()

    @pytest.mark.parametrize("name", ["seen", "pieces"])
    @pytest.mark.parametrize("value", [None, "", "hier", "2026-11-25T13:00:00"])
    def test_a_form_that_does_not_say_what_it_showed_sends_nothing(self, client, thread, name, value):
        fill(client, thread, files=[photo()])
        form = checked(client.get(page_of(thread, "_check")))
        form.pop(name)
        if value is not None:
            form[name] = value

        assert client.post(page_of(thread, "_check"), form).status_code == 422
        assert nothing_left()

    def test_a_second_click_still_finds_the_message(self, client, space, thread):
        fill(client, thread, files=[photo()])
        page = client.get(page_of(thread, "_check"))
        first = client.post(page_of(thread, "_check"), checked(page))
        assert client.post(page_of(thread, "_check"), checked(page))["Location"] == first["Location"]

    def test_mss_80_whoever_reads_a_draft_by_its_check_leaves_a_line(self, client, space, thread):
        draft = draft_in(thread, actor=helper(space))
        client.get(page_of(thread, "_check"))
        lines = [event.target for event in events_of(space.id) if event.action == "mss.draft.read"]
        assert lines == [f"draft:{draft.id}"]

    def test_another_box_that_gets_it_first_is_named_when_the_check_comes_again(self, client, space, thread):
        second = "dr.roy@medecin.mssante.example"
        first = Message.objects.get(space_id=space.id)
        fields = f"In-Reply-To: <{first.message_id}>\r\n"
        receive(letter(number="z2", fields=fields, sender=second), space, sender=second)
        fill(client, thread, files=[photo()])
        page = client.get(page_of(thread, "_check"))
        other = Correspondent.objects.exclude(id=Draft.objects.get().correspondent_id).get(space_id=space.id)
        Draft.objects.filter(space_id=space.id).update(correspondent_id=other.id, saved_at=LATER)
        Correspondent.objects.filter(space_id=space.id, id=other.id).update(display_name="Dr Anne Roy")

        answer = client.post(page_of(thread, "_check"), checked(page))

        assert (answer.status_code, nothing_left()) == (422, True)
        assert "À Dr Anne Roy Objet" in words_of(answer)


class TestDirect:
    def test_the_answer_below_the_conversation_does_not_send_what_another_began(self, client, space, thread):
        draft_in(thread, actor=helper(space), text="Je suis sa fille.")

        answer = client.post(page_of(thread), {"draft": hidden(client.get(page_of(thread)), "draft"), "seen": "",
                             "text": "Mon texte.", "act": "envoyer"})  # fmt: skip

        assert answer.status_code == 422
        assert nothing_left()
        assert text_in(space) == "Je suis sa fille."
        assert "Je suis sa fille." in words_of(answer)

    def test_files_that_another_added_meanwhile_are_checked_first(self, client, space, thread):
        page = client.get(page_of(thread))
        attach(draft_in(thread, actor=helper(space), text="Bonjour docteur."))

        form = {**brought(page), "text": "Bonjour docteur."}
        answer = client.post(page_of(thread), {**form, "act": "envoyer"})

        assert answer["Location"] == page_of(thread, "_check")
        assert nothing_left()


class TestService:
    def test_the_draft_as_it_was_shown_leaves(self, space, thread):
        draft = draft_in(thread)
        row = attach(draft)
        shown = Seen(saved_at=draft.saved_at, file_ids=frozenset({row.id}))

        message = answering.send(actor=writer(space), draft_id=draft.id, to_all=False, at=LATER, seen=shown)

        assert message.id == draft.id

    @pytest.mark.parametrize("change", ["text", "file", "nothing shown"])
    def test_another_one_does_not_and_is_handed_back(self, space, thread, change):
        draft = draft_in(thread)
        shown = Seen(saved_at=draft.saved_at)
        if change == "text":
            written_over(space, thread)
        elif change == "file":
            attach(draft)
        else:
            shown = Seen(saved_at=None)

        with pytest.raises(DraftChangedError) as changed:
            answering.send(actor=writer(space), draft_id=draft.id, to_all=False, at=LATER, seen=shown)

        assert changed.value.draft == draft
        assert drafting.text_of(changed.value.draft) == text_in(space)
        assert nothing_left()


def test_m_03_a_text_that_nobody_on_the_page_has_seen_is_not_deleted(client, space, thread):
    kept = draft_in(thread, text="Le mien.")
    asked = client.get(page_of(thread, "_discard"))
    other = words("Le sien.", draft_id=kept.id, seen_at=kept.saved_at)
    drafting.save(actor=helper(space), place=place_of(thread), words=other, at=NOON + timedelta(minutes=1))
    again = client.post(page_of(thread, "_discard"), checked(asked))

    assert again.status_code == 422
    assert "il n'a pas été supprimé" in words_of(again)
    assert text_in(space) == "Le sien."
    assert client.post(page_of(thread, "_discard"), checked(again)).status_code == 302
    assert not Draft.objects.exists()


def test_m_03_another_text_under_an_id_that_left_is_another_message(client, space, thread):
    """Back in the browser, or a second window: the form bears the draft that was sent."""
    page = client.get(page_of(thread))
    form = {**brought(page), "seen": "", "act": "envoyer"}
    for text in ("Premier.", "Premier.", "Tout autre.", ""):
        client.post(page_of(thread), {**form, "text": text})

    assert Message.objects.filter(space_id=space.id, direction="out").count() == 2
    client.post(page_of(thread), {**form, "text": "Un troisième.", "act": "garder"})
    assert text_in(space) == "Un troisième."


class TestReceivers:
    """Who gets a message stands on its page: nobody else gets it (M-03, MSS-25)."""

    @pytest.fixture(autouse=True)
    def _several(self, thread, space):
        self.writes(space, ROY, "n1")

    def writes(self, space, address, number):
        first = Message.objects.filter(space_id=space.id).order_by("received_at", "id")[0]
        data = letter(number=number, sender=address, fields=f"In-Reply-To: <{first.message_id}>\r\n")
        receive(data, space, sender=address, at=LATER + timedelta(minutes=int(number[1:])))

    def to(self):
        return sorted(OutgoingMail.objects.values_list("address", flat=True))

    def test_m_03_who_joins_behind_the_check_is_named_before_they_get_it(self, client, space, thread):
        checking = fill(client, thread, to="tous", files=[photo()])["Location"]
        page = client.get(checking)
        self.writes(space, ZED, "n2")
        again = client.post(checking, checked(page))

        assert again.status_code == 422
        assert "Les destinataires de ce message ont changé" in words_of(again)
        assert nothing_left()
        client.post(checking, checked(again))
        assert self.to() == [BENALI, ROY, ZED]

    def test_m_03_who_joins_behind_the_page_of_writing_is_named_before(self, client, space, thread):
        form = {**brought(client.get(page_of(thread))), "text": "À tous.", "to": "tous", "act": "envoyer"}
        self.writes(space, ZED, "n2")
        again = client.post(page_of(thread), form)

        assert again.status_code == 422
        assert nothing_left()
        assert text_in(space) == "À tous."
        client.post(page_of(thread), {**form, **brought(again)})
        assert self.to() == [BENALI, ROY, ZED]

    def test_m_03_the_answer_below_goes_to_whom_it_named(self, client, space, thread):
        below = reverse("mss:thread_detail", args=[space.id, thread.id])
        form = {**brought(client.get(below)), "text": "Merci.", "act": "envoyer"}
        self.writes(space, ZED, "n2")
        client.post(page_of(thread), form)

        assert self.to() == [ROY]

    def test_m_03_a_page_that_named_one_sends_to_one(self, client, space, thread):
        checking = fill(client, thread, to="un", files=[photo()])["Location"]
        page = client.get(checking)
        client.post(f"{checking}?a=tous", checked(page))

        assert len(self.to()) == 1

    def test_m_03_a_form_that_names_nobody_sends_nothing(self, client, thread):
        form = {**brought(client.get(page_of(thread))), "boxes": "x 12", "text": "Bonjour.", "act": "envoyer"}

        assert client.post(page_of(thread), form).status_code == 422
        assert nothing_left()
