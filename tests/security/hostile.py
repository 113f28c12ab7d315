"""Rows in which every text of somebody else is a string that would run, and what is wrong with a page that shows them."""
# ruff: noqa: E501, SIM905  tables of hostile texts

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr  # noqa: TID251  writes, reads nothing

from django.test import Client

from apps.access import Actor, Purpose, Rights, Role
from apps.accounts.models import InsIdentity
from apps.audit.services import Line, record
from apps.common.text import fold
from apps.directory.models import Activity, Organisation, Professional
from apps.dmp.models import Document
from apps.spaces.models import CareConsent, Delegation, HealthSpace, ProfessionalBlock, SpaceAdministrator
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.factories import Person, filed
from tests.harness.clock import NOON

CORPUS = Path(__file__).with_name("xss.txt").read_text(encoding="utf-8").splitlines()
LINKS = ("href", "src", "action", "formaction", "data", "srcdoc", "xlink:href", "poster", "background")
OURS = ("/", "#", "?", "mailto:", "tel:", "https://", "http://")
# Elements that pages of the portal have; anything else came from a text.
ELEMENTS = set(
    "html head meta title link body div header nav main footer section article aside p a ul ol li h1 h2 h3 h4 h5 h6 span"
    " strong em br hr button form input label select option fieldset legend details summary dl dt dd table caption"
    " thead tbody tfoot tr th td script noscript svg path circle rect img dialog small sup sub address text code time data figure figcaption".split()
)


class Skeleton(HTMLParser):
    """Elements and attributes of a page, without its texts, and its faults."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag + "".join(f" {name}" for name, _value in attrs if name != "lang"))
        if tag not in ELEMENTS:
            self.faults.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style" or (name in LINKS and not leads_to_ours(tag, value or "")):
                self.faults.append(f"{tag} {name}={value}")


def leads_to_ours(tag: str, value: str) -> bool:
    """People may follow links to other sites; whatever a page loads or sends to by itself is ours."""
    address = "".join(value.split()).lower()
    if address.startswith(("//", "http://evil.", "https://evil.")):
        return False
    return not address or address.startswith(OURS if tag == "a" else OURS[:3])


def skeleton(response: Any) -> Skeleton:
    return skeleton_of(response.content.decode())


def skeleton_of(text: str) -> Skeleton:
    reader = Skeleton()
    reader.feed(text)
    reader.close()
    return reader


def plain_browser(person: Person) -> Person:
    """Without the guard of the harness, which takes `javascript:` in the value of an option for a fault."""
    client = Client()
    client.cookies = person.client.cookies
    return replace(person, client=client)


@dataclass(kw_only=True)
class Ground:
    """A space with one document, one professional and one relative for each text."""

    space: HealthSpace
    texts: Sequence[str]
    documents: list[Document] = field(default_factory=list)
    professionals: list[Professional] = field(default_factory=list)
    delegations: list[Delegation] = field(default_factory=list)


def hostile_ground(person: InsIdentity, texts: Sequence[str]) -> Ground:
    """Every text in every place; `person` keeps the last one as their name."""
    ground = Ground(space=factories.space(person=person), texts=texts)
    for number, text in enumerate(texts):
        name_person(person, text)
        ground.documents.append(hostile_document(ground.space, text, number))
        ground.professionals.append(hostile_professional(ground.space, text, number))
        relative = factories.identity()
        name_person(relative, text)
        ground.delegations.append(factories.delegation(of=ground.space, person=relative))
        trace(ground.space, ground.professionals[-1], ground.documents[-1], text)
    return ground


def name_person(person: InsIdentity, text: str) -> None:
    person.first_given_name = person.given_name_in_use = person.family_name_in_use = text[:100]
    person.save()


def hostile_document(space: HealthSpace, text: str, number: int = 0) -> Document:
    return described(filed(space, data=hostile_cda(space.identity, text, number)), text)


def described(row: Document, text: str) -> Document:
    """Every text column of the row."""
    row.title = row.author_name = row.author_specialty = row.organisation_name = row.type_label = text
    row.language, row.folded = text[:16], fold(text)
    row.save()
    return row


def hostile_professional(space: HealthSpace, text: str, number: int) -> Professional:
    """One third has consent for the team of a place of that name, one third is blocked, one third administers."""
    doctor = factories.professional(
        national_id=f"8{10_770_000_000 + int(space.id.hex[-6:], 16) * 200 + number}",
        family_name=text[:100],
        given_name=text[:100],
        title=text[:16],
        profession_label=text[:120],
        specialty_label=text,
    )
    place = Organisation.objects.create(
        technical_id=f"{space.id.hex[-20:]}-{number}", name=text, city=text[:100], seen_on=NOON.date()
    )
    Activity.objects.create(professional=doctor, organisation=place)
    since = NOON - timedelta(days=1)
    mine = {"space_id": space.id, "national_id": doctor.national_id}
    match number % 3:
        case 0:
            team = {"scope": "team", "organisation_id": place.technical_id, "declared_by": doctor.national_id}
            CareConsent.objects.create(**mine, **team, given_at=since)
        case 1:
            ProfessionalBlock.objects.create(**mine, blocked_at=since)
        case _:
            SpaceAdministrator.objects.create(**mine, named_at=since)
    return doctor


def trace(space: HealthSpace, doctor: Professional, row: Document, text: str, *, at: datetime = NOON) -> None:
    """The professional has read the document in an emergency, for that reason."""
    actor = Actor(
        role=Role.PROFESSIONAL,
        at=at,
        space_id=space.id,
        purpose=Purpose.BREAK_GLASS,
        national_id=doctor.national_id,
        reason=text,
        rights=Rights(space_open=True),
    )
    record(actor=actor, at=at, line=Line(action="dmp.document.read", target=f"document:{row.id}"))


def hostile_cda(person: InsIdentity, text: str, number: int = 0) -> bytes:
    """The same text in title, names, labels, media type, link and file name of the document itself."""
    cda = Cda(
        patient=person,
        unique_id=f"1.2.250.1.999.7.{number}",
        set_id=f"1.2.250.1.999.8.{number}",
        title=escape(text),
        text=f"{escape(text)} <linkHtml href={quoteattr(text)}>x</linkHtml>",
    )
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
