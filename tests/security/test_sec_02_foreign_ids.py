"""SEC-01, SEC-02: ids of other spaces in addresses, forms and sessions are unknown ids."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.audit.services import events_of
from apps.dmp.models import Document
from tests import factories
from tests.dmp.factories import Person, filed, holder_of, signed_in
from tests.dmp.rows import document
from tests.security.pages import some_unknown_id, unknown_answers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def mine() -> Document:
    return filed(factories.space())


@pytest.fixture
def theirs() -> Document:
    return filed(factories.space(), unique_id="1.2.250.1.999.2")


@pytest.fixture
def alice(mine: Document) -> Person:
    person = holder_of(mine.space)
    person.client.get("/choisir-espace/?tous=1")  # the first page puts a token into the session
    return person


def test_sec_01_a_row_of_another_space_answers_like_an_unknown_id(alice, mine, theirs):
    known = unknown_answers(alice, mine.space, theirs.id)
    unknown = unknown_answers(alice, mine.space, some_unknown_id())

    assert [name for name in known if known[name] != unknown[name]] == []
    theirs.refresh_from_db()
    assert theirs.hidden_at is None


@pytest.mark.parametrize("confirmed", [False, True])
def test_sec_02_one_foreign_id_among_own_ones_stops_all(alice, mine, theirs, confirmed):
    own = [mine, document(mine.space, unique_id="1.2.250.1.999.3")]
    data = {"document": [str(row.id) for row in (*own, theirs)], **({"confirmation": "oui"} if confirmed else {})}

    answer = alice.client.post(reverse("dmp:selection_hide", args=[mine.space_id]), data)

    assert answer.status_code == 404
    assert not Document.objects.filter(hidden_at__isnull=False).exists()
    assert events_of(theirs.space_id).filter(action="dmp.document.hide").count() == 0
    refusals = events_of(mine.space_id).filter(action="dmp.document.hide")
    assert [(line.outcome, line.rule, line.target) for line in refusals] == [("deny", "SEC-02", "")] * confirmed
    assert str(theirs.id) not in answer.content.decode()


def test_sec_02_a_token_of_filters_serves_in_its_space_only(mine):
    """The same person in two spaces: words searched in one do not follow into the other."""
    child = factories.space(person=factories.child_identity())
    factories.representation(of=child, person=mine.space.identity)
    person = signed_in(mine.space.identity)
    sent = person.client.post(reverse("dmp:document_list", args=[child.id]), {"words": "varicelle"})
    query = sent.headers["Location"].partition("?")[2]

    page = person.client.get(reverse("dmp:document_list", args=[mine.space_id]) + f"?{query}")

    assert "varicelle" not in page.content.decode()


def test_sec_02_a_token_of_filters_serves_in_its_session_only(alice, mine):
    sent = alice.client.post(reverse("dmp:document_list", args=[mine.space_id]), {"words": "varicelle"})

    page = signed_in(mine.space.identity).client.get(sent.headers["Location"])

    assert "varicelle" not in page.content.decode()


def test_sec_05_authors_offered_are_those_of_visible_rows(alice, mine, theirs):
    """A name of another space is no choice of the filter: refused like any word that is not offered."""
    Document.objects.filter(id=theirs.id).update(author_name="Dr Ailleurs")
    path = reverse("dmp:document_list", args=[mine.space_id])

    foreign, unknown = (alice.client.post(path, {"author": name}) for name in ("Dr Ailleurs", "Dr Nulle"))

    assert foreign.status_code == unknown.status_code == 200
    assert foreign.content.decode().count("Ailleurs") == unknown.content.decode().count("Nulle")
