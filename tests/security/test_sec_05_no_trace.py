"""SEC-05: two spaces, one with a document that the reader may not see. Every page must be the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.access import Actor, Purpose, Rights, Role
from apps.audit.services import Line, record
from apps.dmp import services
from apps.dmp.models import Document
from apps.dmp.services import Deposit, Visibility
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scan
from apps.spaces.models import HealthSpace
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.factories import Person, delegate_of, holder_of, representative_of
from tests.harness.clock import NOON
from tests.security.pages import Seen, some_unknown_id, unknown_answers, walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
YESTERDAY = NOON - timedelta(days=1)
CONCEALED = frozenset({Visibility.INVISIBLE_TO_PATIENT})
KEPT = frozenset({Visibility.INVISIBLE_TO_REPRESENTATIVES})
READER_ID = "810990000026"


@dataclass(kw_only=True)
class Scene:
    """A space with two plain documents and what professionals did there."""

    space: HealthSpace
    at: datetime = YESTERDAY
    documents: dict[str, Document] = field(default_factory=dict)

    def file(self, name: str, labels: frozenset[Visibility] = frozenset(), **values: Any) -> Document:
        self.at += timedelta(minutes=1)  # one hour for each act: their order is no accident
        values = {"started": f"202611{10 + len(self.documents):02d}075000+0100", **values}
        cda = Cda(patient=self.space.identity, unique_id=f"1.2.250.1.999.{name}", set_id=f"1.2.3.{name[0]}", **values)
        row = services.deposit_document(
            actor=factories.system(self.space, at=self.at),
            deposit=Deposit(data=cda.data(), visibility=labels),
            at=self.at,
        )
        scan(vault_id=row.vault_id, file_id=row.file_id, scanner=EmbeddedScanner(), at=self.at)
        return row

    def read_by_professional(self, row: Document) -> None:
        self.at += timedelta(minutes=1)
        actor = Actor(
            role=Role.PROFESSIONAL,
            at=self.at,
            space_id=self.space.id,
            purpose=Purpose.CARE,
            national_id=READER_ID,
            rights=Rights(space_open=True),
        )
        line = Line(action="dmp.document.read", target=f"document:{row.id}", facts={"content": True})
        record(actor=actor, at=self.at, line=line)


def scene(*, minor: bool) -> Scene:
    made = Scene(space=factories.space(person=factories.child_identity() if minor else factories.identity()))
    for name in ("1", "2"):
        made.documents[name] = made.file(name)
    made.read_by_professional(made.documents["1"])
    return made


def secret_beside(made: Scene, labels: frozenset[Visibility]) -> None:
    row = made.file("9", labels, title="Secret", type_code="18748-4")
    made.read_by_professional(row)


def secret_successor(made: Scene, labels: frozenset[Visibility]) -> None:
    """The visible document has a newer version that the reader may not see."""
    row = made.file("1.9", labels, title="Secret", version=2, replaces="1.2.250.1.999.1")
    made.read_by_professional(row)


def secret_chain(made: Scene, labels: frozenset[Visibility]) -> None:
    """A document that never was visible and its successor, which takes over the concealment."""
    made.file("9", labels, title="Secret")
    row = made.file("9.9", version=2, replaces="1.2.250.1.999.9", title="Secret")
    made.read_by_professional(row)


def secret_hidden_successor(made: Scene, labels: frozenset[Visibility]) -> None:
    """Its producer also hides the newer version from professionals, where the labels allow it (DMP-35)."""
    more = labels if labels == CONCEALED else labels | {Visibility.HIDDEN_FROM_PROFESSIONALS}
    made.file("1.9", more, title="Secret", version=2, replaces="1.2.250.1.999.1")


Secret = Callable[[Scene, frozenset[Visibility]], None]
CASES = [
    pytest.param(holder_of, CONCEALED, id="holder-concealed"),
    pytest.param(representative_of, CONCEALED, id="representative-concealed"),
    pytest.param(delegate_of, CONCEALED, id="delegate-concealed"),
    pytest.param(representative_of, KEPT, id="representative-kept"),
    pytest.param(delegate_of, KEPT, id="delegate-kept"),
]


@pytest.mark.parametrize("secret", [secret_beside, secret_successor, secret_chain, secret_hidden_successor])
@pytest.mark.parametrize(("person_of", "labels"), CASES)
def test_sec_05_every_page_is_the_same_with_and_without_the_secret(
    person_of: Callable[[HealthSpace], Person], labels: frozenset[Visibility], secret: Secret
) -> None:
    minor = labels == KEPT
    plain, other = scene(minor=minor), scene(minor=minor)
    secret(other, labels)

    assert different(walked(plain, person_of), walked(other, person_of)) == []


@pytest.mark.parametrize(("person_of", "labels"), CASES)
def test_sec_05_the_secret_itself_answers_like_an_unknown_id(
    person_of: Callable[[HealthSpace], Person], labels: frozenset[Visibility]
) -> None:
    made = scene(minor=labels == KEPT)
    row = made.file("9", labels, title="Secret")
    person = person_of(made.space)
    person.client.get("/choisir-espace/?tous=1")  # the first page puts a token into the session

    known = unknown_answers(person, made.space, row.id)
    unknown = unknown_answers(person, made.space, some_unknown_id())

    assert different(iter(known.items()), iter(unknown.items())) == []
    row.refresh_from_db()
    assert (row.hidden_at, row.read_marks.count()) == (None, 0)


def walked(made: Scene, person_of: Callable[[HealthSpace], Person]) -> Iterator[tuple[str, Seen]]:
    person = person_of(made.space)
    person.client.get("/choisir-espace/?tous=1")  # the first page puts a token into the session
    return walk(person, made.space, made.documents)


def different(one: Iterator[tuple[str, Seen]], other: Iterator[tuple[str, Seen]]) -> list[str]:
    """Pages that are not equal, with the lines in which they differ."""
    found = []
    for (name, left), (_name, right) in zip(one, other, strict=True):
        if left != right:
            lines = sorted(set(left.body.splitlines()) ^ set(right.body.splitlines()))[:4]
            found.append(f"{name}: {left.status}/{right.status}, {left.queries}/{right.queries} queries, {lines}")
    return found
