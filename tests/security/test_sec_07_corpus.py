"""SEC-07: strings that would run, in every text that comes from outside, on every page that shows it."""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.files.models import StoredFile
from apps.notifications.kinds import Kind
from apps.notifications.mails import Content, letter_of
from apps.spaces.models import DelegationInvitation
from tests import factories
from tests.cast import client_of
from tests.dmp.factories import Person, delegate_of, filed, holder_of, prepared, representative_of, signed_in, with_file
from tests.dmp.paper import pdf_of
from tests.harness.clock import NOON
from tests.notifications.factories import mail, notice
from tests.security.hostile import (
    CORPUS,
    Ground,
    described,
    hostile_document,
    hostile_ground,
    name_person,
    plain_browser,
    skeleton,
    skeleton_of,
)
from tests.spaces.delegates import invited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PARTS = 4
part = pytest.mark.parametrize("texts", [CORPUS[number::PARTS] for number in range(PARTS)], ids=range(PARTS))
HEADERS = ("user-agent", "referer", "x-request-id", "accept-language", "x-forwarded-for", "x-forwarded-host")
ACTS = ("block", "unblock", "withdraw", "name", "treating", "end")


def clean(response: Any, *statuses: int) -> None:
    """The page came, and nothing in it comes from a text."""
    where = response.request["PATH_INFO"]
    assert response.status_code in (statuses or (200,)), where
    assert skeleton(response).faults == [], where


def test_the_corpus_is_long_and_holds_no_double():
    assert len(CORPUS) >= 100
    assert len(set(CORPUS)) == len(CORPUS)


def pages_of_documents(client: Client, ground: Ground) -> Iterator[Any]:
    space = [ground.space.id]
    listing = reverse("dmp:document_list", args=space)
    for number in range(1, 4):
        yield client.get(f"{listing}?page={number}")
        yield client.get(f"{listing}?tri=auteur&page={number}")
    for number, (text, row) in enumerate(zip(ground.texts, ground.documents, strict=True)):
        yield client.get(reverse("dmp:document_detail", args=[*space, row.id]))
        if number % 2:
            yield client.get(reverse("dmp:document_print", args=[*space, row.id]))
        else:
            sent = client.post(listing, {"words": text})
            yield client.get(sent.headers["Location"]) if sent.status_code == 302 else sent
    for name in ("document_hide", "document_versions"):
        yield client.get(reverse(f"dmp:{name}", args=[*space, row.id]))
    yield client.post(listing, {"words": ground.texts[0] * 20})
    yield client.post(
        reverse("dmp:selection_hide", args=space), {"document": [str(one.id) for one in ground.documents]}
    )
    by_author = client.post(listing, {"author": ground.texts[0]}).headers.get("Location", listing)
    yield client.get(by_author)


@part
def test_sec_07_text_stays_text_on_pages_of_documents(texts):
    ground = hostile_ground(factories.child_identity(), texts)

    for response in pages_of_documents(plain_browser(representative_of(ground.space)).client, ground):
        clean(response)


def pages_of_choices(client: Client, ground: Ground) -> Iterator[Any]:
    space = [ground.space.id]
    for name in ("professional_list", "professional_search", "professional_matrix", "delegate_list", "delegate_invite"):
        yield client.get(reverse(f"spaces:{name}", args=space))
    yield client.get(reverse("spaces:professional_matrix", args=space), {"metier": ground.texts[0]})
    for page in range(1, 5):
        yield client.get(reverse("journeys:access_history", args=space), {"periode": "tout", "page": page})
    for doctor, relative in zip(ground.professionals[::2], ground.delegations[1::2], strict=False):
        yield client.get(reverse("spaces:professional_detail", args=[*space, doctor.id]))
        yield client.get(reverse("spaces:delegate_detail", args=[*space, relative.id]))
    for doctor in ground.professionals[:3]:  # a team, a block, an administrator
        for act in ACTS:
            yield client.get(reverse(f"spaces:professional_{act}", args=[*space, doctor.id]))
    for act in ("change", "end"):
        yield client.get(reverse(f"spaces:delegate_{act}", args=[*space, relative.id]))


@part
def test_sec_07_names_stay_text_on_pages_of_choices(texts):
    ground = hostile_ground(factories.identity(), texts)

    for response in pages_of_choices(plain_browser(holder_of(ground.space)).client, ground):
        clean(response, 200, 302, 404)  # an act that makes no sense now leads back, or is not there


@part
def test_sec_07_what_is_typed_stays_text_in_forms(texts):
    ground = hostile_ground(factories.identity(), texts[:1])
    client = plain_browser(holder_of(ground.space)).client
    space = [ground.space.id]
    names = ("ins_number", "first_name", "family_name", "birth_date", "documents", "starts_on", "ends_on")

    for text in texts:
        typed = {"name": text, "town": text, "rpps": text}
        clean(client.post(reverse("spaces:professional_search", args=space), typed), 200, 422)
        clean(client.post(reverse("journeys:help"), {"words": text, "q": text}))
    for text in texts[:8]:  # searches of people are counted
        clean(client.post(reverse("spaces:delegate_invite", args=space), dict.fromkeys(names, text)), 422, 429)


@part
def test_sec_07_names_of_people_stay_text_wherever_one_stands(texts):
    """Band, menu, home, list of spaces, invitations; names of the reader and of the others."""
    me = factories.identity()
    person = plain_browser(signed_in(me))
    for number, text in enumerate(texts):
        child = factories.child_identity()
        name_person(child, text)
        factories.representation(of=(space := factories.space(person=child)), person=me)
        name_person(me, text)
        notice(user=person.user, kind=Kind.DELEGATION, key=f"n{number}", space_id=space.id, facts={"code": text})
        clean(person.client.get(reverse("journeys:dashboard", args=[space.id])))
    for name in ("center", "preferences"):
        clean(person.client.get(reverse(f"notifications:{name}", args=[space.id])))
    clean(person.client.get(reverse("spaces:representatives", args=[space.id])))
    clean(person.client.get(reverse("journeys:settings", args=[space.id])))
    clean(person.client.get(reverse("journeys:choose_space"), {"tous": "1"}))


@part
def test_sec_07_names_stay_text_in_invitations_and_help(texts):
    me = factories.identity()
    person = plain_browser(signed_in(me))
    for text in texts[:5]:  # nobody helps more than five people
        holder = factories.identity()
        factories.user(person=holder)
        space = factories.space(person=holder)
        row = invited(space, me)
        name_person(holder, text)
        page = reverse("spaces:delegate_accept", args=[row.id])
        clean(person.client.get(page))
        DelegationInvitation.objects.filter(pk=row.pk).update(answer="withdrawn", answered_at=NOON)
        helped = factories.delegation(of=space, person=me)
        clean(person.client.get(reverse("spaces:help_end", args=[helped.id])))
    clean(person.client.get(reverse("spaces:invitation_list")))


@part
def test_sec_07_headers_and_addresses_stay_text(texts):
    """What the browser says of itself, on a page, on error pages and on the page of open sessions."""
    space = factories.space()
    client = plain_browser(holder_of(space)).client
    others = itertools.cycle(
        (
            lambda text: client.get(f"/{text}/".replace("%", "").replace("?", "")),
            lambda text: client.get(reverse("accounts:sign_in_help"), {"next": text}),
            lambda text: client.get(reverse("accounts:reauthenticate"), {"next": text}),
            lambda text: client.get(reverse("journeys:dashboard", args=[space.id]), {text: text}),
        )
    )
    for text in texts:
        said = dict.fromkeys(HEADERS, text)
        clean(client.get(reverse("accounts:security"), headers=said))
        clean(next(others)(text), 200, 302, 404)
    # A host that is not ours gets an answer without a page of ours.
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@part
def test_sec_07_answers_that_are_kept_stay_text(texts):
    """Without the token of the form, the page offers to send the same fields again: names and values are theirs."""
    space = factories.space()
    person = holder_of(space)
    client = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})  # our own page sent it
    client.cookies = person.client.cookies
    for text in texts:
        response = client.post(reverse("dmp:document_list", args=[space.id]), {text: text, "words": text})
        clean(response, 403)
    assert html.escape(texts[-1]) in response.content.decode()


@pytest.mark.parametrize("media_type", ["text/plain", "text/rtf", "application/pdf"])
def test_sec_07_text_of_files_inside_documents_stays_text(media_type):
    space = factories.space()
    everything = "\n".join(CORPUS)
    rtf = everything.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}").replace("\n", "\\par ")
    data = {
        "text/plain": ("Texte\n" + everything).encode(),
        "text/rtf": ("{\\rtf1\\ansi " + rtf + "}").encode("cp1252", "replace"),
        "application/pdf": pdf_of(*(line for line in CORPUS[:6])),
    }[media_type]
    row = prepared(with_file(space, media_type, data))
    client = plain_browser(holder_of(space)).client

    names = ("dmp:document_detail", "dmp:document_print")
    pages = [client.get(reverse(name, args=[space.id, row.id])) for name in names]

    for page in pages:
        clean(page)
    assert "alert(1)" in pages[0].content.decode()


def test_sec_07_the_operator_sees_text_in_the_quarantine():
    row = filed(factories.space())
    platform = client_of(factories.staff("platform"))
    client = Client()
    client.cookies = platform.cookies
    for text in CORPUS:
        StoredFile.objects.filter(vault_id=row.vault_id, id=row.file_id).update(
            state=StoredFile.State.INFECTED, finding=text[:64], scanned_at=NOON
        )
        page = client.get(reverse("journeys:quarantine"))
        clean(page)
        assert html.escape(text[:64]) in page.content.decode()


@pytest.mark.parametrize("kind", Kind)
def test_sec_07_a_mail_holds_nothing_of_a_text(kind):
    text = CORPUS[0]
    person = factories.identity()
    name_person(person, text)
    space = factories.space(person=person)
    row = mail(user=factories.user(person=person, email="alice@example.fr"), kind=kind, space_id=space.id)

    letter = letter_of(row, address="alice@example.fr", content=Content(at=NOON, count=1))

    assert [fault for fault in skeleton_of(letter.html).faults if not fault.startswith("a href=http")] == []
    assert "script" not in letter.text + letter.html + letter.subject


def test_sec_07_a_hostile_text_adds_no_element_and_no_attribute():
    """The same page of a harmless text has the same elements, one by one."""
    found = []
    for text in ("Harmless", *CORPUS[:12]):
        ground = hostile_ground(factories.child_identity(), [text])
        person: Person = delegate_of(ground.space)
        person.client.braces_allowed = True
        listing = reverse("dmp:document_list", args=[ground.space.id])
        history = reverse("journeys:access_history", args=[ground.space.id])
        found.append([skeleton(person.client.get(path)).tags for path in (listing, history)])

    assert all(one == found[0] for one in found)


def test_sec_07_what_is_shown_is_what_was_written():
    space = factories.space(person=factories.child_identity())
    hostile_document(space, CORPUS[1])

    page = representative_of(space).client.get(reverse("dmp:document_list", args=[space.id])).content.decode()

    assert html.escape(CORPUS[1]) in page


def test_sec_07_names_of_downloads_hold_nothing_of_the_text():
    space = factories.space(person=factories.child_identity())
    person = representative_of(space)
    row = hostile_document(space, CORPUS[0])
    for text in CORPUS:
        described(row, text)
        response = person.client.get(reverse("dmp:document_file", args=[space.id, row.id]))

        assert response.headers["Content-Disposition"].startswith(
            'attachment; filename="resultats-de-biologie-2026-11-18.xml"'
        )
        assert response.headers["Content-Type"] == "application/xml"
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
