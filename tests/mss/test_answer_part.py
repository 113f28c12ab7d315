"""The answer below a conversation: form, draft to go on with, or the reason (M-02, MSS-25, MSS-36)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from apps.access import Actor
from apps.mss.models import Correspondent, Message, Thread
from apps.mss.views.writing_part import answer_part
from apps.spaces.entry import SpaceRequest, SpaceView
from apps.spaces.models import HealthSpace
from tests import factories
from tests.harness.clock import NOON
from tests.harness.pages import faults_of
from tests.mss.writing import conversation, draft_in, helper, writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def thread(space):
    return conversation(space)


def request_of(space: HealthSpace, actor: Actor, *, is_own: bool = True) -> SpaceRequest:
    request = cast("SpaceRequest", RequestFactory().get("/"))
    request.actor = replace(actor, at=NOON)
    request.space_view = SpaceView(
        space_id=space.id, is_own=is_own, short_name="Alice M.", holder_name="Alice Morel", capacity=actor.role,
        opened_at=NOON, until=None,
    )  # fmt: skip
    return request


def html_of(space: HealthSpace, thread: Thread, actor: Actor | None = None, *, is_own: bool = True) -> str:
    request = request_of(space, actor or writer(space), is_own=is_own)
    fresh = Thread.objects.get(space_id=space.id, id=thread.id)
    context: dict[str, Any] = {"answer": answer_part(request, fresh), "request": request}
    html = render_to_string("mss/parts/answer.html", context)
    assert faults_of(html) == []
    return html


def reply_of(thread: Thread) -> str:
    return reverse("mss:reply", args=[thread.space_id, thread.id])


def test_a_form_that_answers_the_one_who_wrote(space, thread):
    html = html_of(space, thread)
    assert "Répondre à Dr Karim Benali" in html
    assert f'action="{reply_of(thread)}"' in html
    assert 'name="draft"' in html
    assert "mssante.example" not in html


def test_mss_36_a_draft_is_gone_on_with_and_stays_closed(space, thread):
    draft_in(thread, text="Mon genou.")
    html = html_of(space, thread)
    assert "Reprendre mon brouillon" in html
    assert "<textarea" not in html
    assert "Mon genou." not in html


def test_mss_36_a_draft_of_somebody_else_is_told(space, thread):
    draft_in(thread, actor=helper(space))
    assert "par une autre personne" in html_of(space, thread)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"ended_at": NOON}, "a mis fin à l&#x27;échange"), ({"blocked_at": NOON}, "est bloqué dans cet espace")],
)
def test_mss_24_the_reason_stands_in_the_place_of_the_form(space, thread, change, words):
    Correspondent.objects.filter(space_id=space.id).update(**change)
    html = html_of(space, thread)
    assert "Aucune réponse possible" in html
    assert words in html
    assert "<textarea" not in html


def test_mss_24_what_was_begun_before_the_end_can_still_be_found(space, thread):
    draft_in(thread)
    Correspondent.objects.filter(space_id=space.id).update(ended_at=NOON)
    assert reply_of(thread) in html_of(space, thread)


def test_mss_25_a_closed_conversation_offers_a_new_message(space, thread):
    Thread.objects.filter(space_id=space.id).update(closed_at=NOON)
    assert "/messagerie/nouveau/" in html_of(space, thread)


def test_mss_25_a_machine_takes_no_answers(space, thread):
    Message.objects.filter(space_id=space.id).update(correspondent_id=None)
    assert "L&#x27;expéditeur n&#x27;accepte pas de réponse" in html_of(space, thread).replace("’", "'")


def test_mss_25_to_all_is_chosen_on_the_page_of_the_answer(space, thread):
    second = Correspondent.objects.create(space_id=space.id, address="b@x.example", display_name="Dr B", wrote_at=NOON)
    Message.objects.create(
        space_id=space.id, thread_id=thread.id, direction="in", message_id="z@x", received_at=NOON,
        correspondent_id=second.id,
    )  # fmt: skip
    assert f"{reply_of(thread)}?a=tous" in html_of(space, thread)


def test_mss_81_who_may_only_read_sees_nothing_of_it(space, thread):
    draft_in(thread)
    assert html_of(space, thread, helper(space, manages=False)).strip() == ""


def test_two_queries(space, thread, django_assert_num_queries):
    request = request_of(space, writer(space))
    with django_assert_num_queries(2):
        answer_part(request, thread)


class TestBeforeWriting:
    def test_mss_27_who_left_activity_is_told(self, space, thread):
        gone = factories.professional(is_active=False)
        Correspondent.objects.filter(space_id=space.id).update(national_id=gone.national_id)
        assert "Dr Karim Benali n'exerce plus" in html_of(space, thread)

    def test_mss_21_a_pharmacy_asks_for_the_original(self, space, thread):
        assert "apportez le papier avec vous" not in html_of(space, thread)
        Correspondent.objects.filter(space_id=space.id).update(is_pharmacy=True)
        assert "apportez le papier avec vous" in html_of(space, thread)

    def test_mss_14_whoever_writes_for_somebody_is_told(self, space, thread):
        words = "Vous écrivez pour Alice Morel"
        assert words not in html_of(space, thread)
        assert words in html_of(space, thread, is_own=False)

    def test_where_no_answer_is_possible_nothing_is_said_of_one(self, space, thread):
        gone = factories.professional(is_active=False)
        changes = {"national_id": gone.national_id, "is_pharmacy": True, "ended_at": NOON}
        Correspondent.objects.filter(space_id=space.id).update(**changes)
        html = html_of(space, thread, is_own=False)
        for words in ("exerce plus", "apportez le papier", "Vous écrivez pour"):
            assert words not in html
