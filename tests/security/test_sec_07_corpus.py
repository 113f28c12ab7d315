"""SEC-07: strings that would run, in every text that comes from outside, on every page that shows it."""
# ruff: noqa: E501, SIM905  tables of hostile texts

from __future__ import annotations

import html
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr  # noqa: TID251  writes, reads nothing

import pytest
from django.test import Client
from django.urls import reverse

from apps.access import Actor, Purpose, Rights, Role
from apps.audit.services import Line, record
from apps.common.text import fold
from apps.dmp.models import Document
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.factories import Person, delegate_of, filed, holder_of, representative_of
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
CORPUS = Path(__file__).with_name("xss.txt").read_text(encoding="utf-8").splitlines()
LINKS = ("href", "src", "action", "formaction", "data", "srcdoc", "xlink:href", "poster", "background")
# Elements that pages of the portal have; anything else came from a text.
ELEMENTS = set(
    "html head meta title link body div header nav main footer section article aside p a ul ol li h1 h2 h3 h4 h5 h6 span"
    " strong em br hr button form input label select option fieldset legend details summary dl dt dd table caption"
    " thead tbody tfoot tr th td script noscript svg path circle rect img dialog small sup sub code time figure".split()
)


class Skeleton(HTMLParser):
    """Elements and attributes of a page, without its texts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag + "".join(f" {name}" for name, _value in attrs if name != "lang"))
        if tag not in ELEMENTS:
            self.faults.append(tag)
        for name, value in attrs:
            address = "".join((value or "").split()).lower()
            if name.startswith("on") or (
                name in LINKS and address.startswith(("javascript:", "data:", "vbscript:", "//"))
            ):
                self.faults.append(f"{tag} {name}={value}")


def skeleton(response: Any) -> Skeleton:
    reader = Skeleton()
    reader.feed(response.content.decode())
    reader.close()
    return reader


def hostile_space(text: str) -> Document:
    """A child's space in which every text of somebody else is `text`; read in an emergency for that reason."""
    person = factories.child_identity(
        first_given_name=text[:100], given_name_in_use=text[:100], family_name_in_use=text[:100]
    )
    space = factories.space(person=person)
    row = filed(space, data=hostile_cda(person, text))
    row.title = row.author_name = row.author_specialty = row.organisation_name = row.type_label = text
    row.language, row.folded = text[:16], fold(text)
    row.save()
    doctor = factories.professional(family_name=text, given_name=text, profession_label=text, specialty_label=text)
    actor = Actor(
        role=Role.PROFESSIONAL,
        at=NOON,
        space_id=space.id,
        purpose=Purpose.BREAK_GLASS,
        national_id=doctor.national_id,
        reason=text,
        rights=Rights(space_open=True),
    )
    record(actor=actor, at=NOON, line=Line(action="dmp.document.read", target=f"document:{row.id}"))
    return row


def hostile_cda(person: Any, text: str) -> bytes:
    """The same text in title, names, labels, media type, link and file name of the document itself."""
    cda = Cda(patient=person, title=escape(text), text=f"{escape(text)} <linkHtml href={quoteattr(text)}>x</linkHtml>")
    written = cda.data().decode()
    changes = {
        f'<given qualifier="BR">{person.first_given_name}</given>': f'<given qualifier="BR">{escape(person.first_given_name)}</given>',
        "<family>PERRIN</family>": f"<family>{escape(text)}</family>",
        "<name>Laboratoire des Rives</name>": f"<name>{escape(text)}</name>",
        'displayName="CR d\'examens biologiques"': f"displayName={quoteattr(text)}",
        "<section>": f"<section ID={quoteattr(text)}>",
        "</text>": f"<content styleCode={quoteattr(text)} ID={quoteattr(text)}>x</content><table border={quoteattr(text)}>"
        f"<tbody><tr><td align={quoteattr(text)} colspan={quoteattr(text)}>x</td></tr></tbody></table></text>",
    }
    for old, new in changes.items():
        assert old in written
        written = written.replace(old, new)
    return written.encode()


def plain_browser(person: Person) -> Person:
    """Without the guard of the harness, which takes `javascript:` in the value of an option for a fault."""
    client = Client()
    client.cookies = person.client.cookies
    return replace(person, client=client)


def pages_of(person: Person, row: Document, text: str) -> list[Any]:
    space = [row.space_id]
    listing = reverse("dmp:document_list", args=space)
    sent = person.client.post(listing, {"words": text})
    filtered = sent.headers["Location"] if sent.status_code == 302 else listing
    by_author = person.client.post(listing, {"author": text}).headers.get("Location", listing)
    return [
        person.client.get(reverse("journeys:choose_space") + "?tous=1"),
        person.client.get(reverse("journeys:dashboard", args=space)),
        person.client.get(listing),
        person.client.get(f"{listing}?tri=auteur"),
        person.client.get(filtered),
        person.client.get(by_author),
        person.client.post(listing, {"words": text * 20}),
        person.client.get(reverse("dmp:document_detail", args=[*space, row.id])),
        person.client.get(reverse("dmp:document_hide", args=[*space, row.id])),
        person.client.post(reverse("dmp:selection_hide", args=space), {"document": str(row.id)}),
        person.client.get(reverse("journeys:access_history", args=space) + "?periode=tout"),
    ]


@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_sec_07_text_stays_text_on_every_page(number):
    text = CORPUS[number]
    row = hostile_space(text)

    for response in pages_of(plain_browser(representative_of(row.space)), row, text):
        assert response.status_code == 200
        assert skeleton(response).faults == []


def test_sec_07_a_hostile_text_adds_no_element_and_no_attribute():
    """The same page of a harmless text has the same elements, one by one."""
    found = []
    for text in ("Harmless", *CORPUS[:12]):
        row = hostile_space(text)
        person = delegate_of(row.space)
        person.client.braces_allowed = True
        listing = reverse("dmp:document_list", args=[row.space_id])
        history = reverse("journeys:access_history", args=[row.space_id])
        found.append([skeleton(person.client.get(path)).tags for path in (listing, history)])

    assert all(one == found[0] for one in found)


def test_sec_07_what_is_shown_is_what_was_written():
    text = CORPUS[1]
    row = hostile_space(text)
    person = holder_of(factories.space())
    factories.representation(of=row.space, person=person.identity)

    page = person.client.get(reverse("dmp:document_list", args=[row.space_id])).content.decode()

    assert html.escape(text) in page


@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_sec_07_names_of_downloads_hold_nothing_of_the_text(number):
    row = hostile_space(CORPUS[number])
    person = representative_of(row.space)

    response = person.client.get(reverse("dmp:document_file", args=[row.space_id, row.id]))

    assert response.headers["Content-Disposition"].startswith(
        'attachment; filename="resultats-de-biologie-2026-11-18.xml"'
    )
    assert response.headers["Content-Type"] == "application/xml"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
