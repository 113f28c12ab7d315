"""The directory of the demonstration knows the boxes of the simulated operator (MSS-06, MSS-07, MSS-21)."""

from __future__ import annotations

import pytest

from apps.directory import boxes, registers, services
from apps.directory.models import Mailbox
from apps.directory.services import Extract
from apps.journeys.demonstration.directory_file import write_directory
from apps.journeys.demonstration.mailbox_file import columns, write_mailboxes
from simulators.mssante_operator.boxes import Boxes
from tests.directory.mailboxes import HEADER
from tests.harness.clock import NOON

DOMAIN = "pro.mssante.example"


@pytest.fixture
def loaded(db, tmp_path):
    people, mailboxes = tmp_path / "people.txt", tmp_path / "boxes.txt"
    write_directory(path=people)
    with people.open("rb") as source:
        services.import_extract(extract=Extract(source=source, name=people.name), at=NOON)
    count = write_mailboxes(path=mailboxes)
    with mailboxes.open("rb") as source:
        imported = registers.import_extract(extract=Extract(source=source, name=mailboxes.name), at=NOON)
    assert (imported.read, imported.accepted, imported.refused) == (count, count, 0)


def test_the_titles_are_those_of_the_extract():
    assert "|".join(columns()) == HEADER


def test_mss_06_each_box_of_the_operator_is_published_but_the_stranger(loaded):
    simulated = {box.address: box for box in Boxes(DOMAIN) if box.address.endswith(f"@{DOMAIN}")}
    published = {row.address: row for row in Mailbox.objects.all()}

    assert set(published) == set(simulated)
    for address, row in published.items():
        box = simulated[address]
        assert (row.box_type, row.national_id) == (box.kind, box.number), address
        assert row.name.upper() == box.name.upper()


def test_mss_21_the_pharmacy_is_found(loaded):
    assert [row.name for row in boxes.pharmacies("pharmacie nantes")] == ["Pharmacie des Halles"]
    assert boxes.pharmacies("laboratoire") == []
