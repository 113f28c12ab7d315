"""D-01: documents are found by the words inside them, by whoever may see them and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.services import events_of
from apps.dmp.jobs import indexing
from apps.dmp.models import Wording
from apps.dmp.services import Visibility
from apps.files.models import StoredFile, Vault
from tests import factories
from tests.dmp.factories import delegate_of, filed, holder_of, representative_of
from tests.dmp.pages import row_ids, words_of
from tests.dmp.test_views_list import asked
from tests.harness.clock import NOON
from tests.security.test_sec_05_no_trace import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
_TEXTS = {
    "a": "Glycémie à jeun élevée",
    "b": "Fracture du poignet droit",
    "c": "Glycémies normales, poignet douloureux",
}


@pytest.fixture
def space():
    return factories.space()


def indexed(space, name, **values):
    row = filed(space, unique_id=f"1.2.250.1.999.{ord(name)}", set_id=f"1.2.3.{ord(name)}", **values)
    indexing.index(space_id=space.id, document_id=row.id, clock=lambda: NOON)
    return row


@pytest.fixture
def rows(space):
    return {name: indexed(space, name, text=text) for name, text in _TEXTS.items()}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("glycemie", "ac"),
        ("GLYCÉMIES poignets", "c"),
        ("poignet", "bc"),
        ("glycémie Perrin", "ac"),  # one word in the text, one in the record
        ("Résultats fracture", "b"),
        ("glyc", ""),  # whole words of a text only
        ("jeun, élevée !", "a"),
        ("genou", ""),
    ],
)
def test_every_word_stands_in_the_record_or_in_the_text(space, rows, words, found):
    page = asked(holder_of(space), space, words=words)
    assert set(row_ids(page)) == {str(rows[name].id) for name in found}


def test_the_extract_shows_the_place_with_the_word_marked(space, rows):
    page = asked(holder_of(space), space, words="fractures").content.decode()
    assert "<mark>Fracture</mark> du poignet droit" in page


def test_sec_07_an_extract_is_text_and_nothing_else(space):
    indexed(space, "x", text="&lt;script&gt;alert(1)&lt;/script&gt; aiguille")
    page = asked(holder_of(space), space, words="aiguille").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>aiguille</mark>" in page


def test_without_a_search_no_text_is_opened(space, rows):
    assert "<mark>" not in holder_of(space).client.get(f"/e/{space.id}/documents/").content.decode()
    assert "dmp.document.search" not in events_of(space.id).values_list("action", flat=True)


@pytest.mark.parametrize("person_of", [holder_of, representative_of, delegate_of])
def test_sec_13_showing_extracts_leaves_one_line_without_the_words(space, rows, person_of):
    asked(person_of(space), space, words="glycemie")
    line = events_of(space.id).get(action="dmp.document.search")
    assert (line.target, line.facts, line.reason) == ("", {}, "")


def test_a_search_that_opens_no_text_leaves_none(space, rows):
    asked(holder_of(space), space, words="perrin")
    assert "dmp.document.search" not in events_of(space.id).values_list("action", flat=True)


def test_sec_01_another_space_with_the_same_words_is_not_searched(space, rows):
    other = factories.space()
    mine = indexed(other, "a", text="Glycémie")
    assert row_ids(asked(holder_of(other), other, words="glycemie")) == [str(mine.id)]


def test_an_infected_document_is_not_found_by_its_words(space, rows):
    StoredFile.objects.filter(id=rows["b"].file_id).update(state=StoredFile.State.INFECTED)
    assert row_ids(asked(holder_of(space), space, words="fracture")) == []


def test_without_the_key_the_records_are_searched_and_the_page_says_so(space, rows):
    person = holder_of(space)
    Vault.objects.update(master_version=9)
    page = asked(person, space, words="perrin")
    assert len(row_ids(page)) == 3
    assert "ne peut pas être recherché" in words_of(page)


def test_no_document_no_question(space):
    assert row_ids(asked(holder_of(space), space, words="glycemie")) == []


@pytest.mark.parametrize("words", ["x" * 200, "% _ \\ '", "a b c d e f g h i j k l m", "’’’", "((((", "🙂", "\u0301"])
def test_sec_32_odd_words_are_words(space, rows, words):
    assert asked(holder_of(space), space, words=words).status_code == 200


def test_queries_do_not_grow_with_the_hits(space):
    person = holder_of(space)

    def queries():
        sent = person.client.post(f"/e/{space.id}/documents/", {"words": "glycemie"})
        person.client.get(sent.headers["Location"])
        with CaptureQueriesContext(connection) as seen:
            person.client.get(sent.headers["Location"])
        return len(seen)

    indexed(space, "a", text="Glycémie")
    few = queries()
    for number in range(19):
        indexed(space, chr(200 + number), text="Glycémie")
    assert queries() == few


@pytest.mark.parametrize(
    ("person_of", "label"),
    [
        (holder_of, Visibility.INVISIBLE_TO_PATIENT),
        (representative_of, Visibility.INVISIBLE_TO_PATIENT),
        (representative_of, Visibility.INVISIBLE_TO_REPRESENTATIVES),
        (delegate_of, Visibility.INVISIBLE_TO_REPRESENTATIVES),
    ],
)
def test_sec_05_words_of_a_secret_find_nothing(person_of, label):
    minor = person_of is not holder_of
    made = Scene(space=factories.space(person=factories.child_identity() if minor else factories.identity()))
    row = made.file("9", frozenset({label}), text="Interruption")
    indexing.index(space_id=row.space_id, document_id=row.id, clock=lambda: NOON)
    assert Wording.objects.get().sealed is not None
    person = person_of(made.space)
    page = asked(person, made.space, words="interruption")
    assert row_ids(page) == []
    assert "dmp.document.search" not in events_of(made.space.id).values_list("action", flat=True)
    assert "1 document" not in words_of(page)


def test_acc_34_an_announced_result_is_found_from_its_hour_on(space, noon):
    made = Scene(space=space, at=NOON - timedelta(days=40))
    row = made.file("9", frozenset({Visibility.INVISIBLE_TO_PATIENT}), text="Biopsie")
    indexing.index(space_id=row.space_id, document_id=row.id, clock=lambda: NOON)
    assert row_ids(asked(holder_of(space), space, words="biopsie")) == [str(row.id)]
