"""The mailbox of the demonstration: what came before anybody signs in."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from apps.files.models import StoredFile
from apps.formats.mail.reading import read_mail
from apps.journeys.demonstration import cast as people
from apps.journeys.demonstration.documents import build
from apps.journeys.demonstration.documents.catalogue import by_key
from apps.journeys.demonstration.letters import deliver_letters, letters, write_letter
from apps.mss.models import Arrival, Attachment, Correspondent, Message, Thread
from simulators.mssante_operator.boxes import Boxes
from tests import factories

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOLDERS = ("camille", "lea", "bruno")


@pytest.fixture
def spaces(db):
    """Spaces of the three holders, with the letters in them."""
    found = {}
    for key in HOLDERS:
        one = people.member(key, today=TODAY)
        identity = one.person.identity
        person = factories.identity(
            ins_number=one.row.matricule,
            authority=one.row.oid,
            first_given_name=identity.given[0],
            birth_given_names=" ".join(identity.given),
            birth_family_name=identity.family,
            sex=identity.sex,
            birth_date=identity.born,
        )
        found[key] = factories.space(person=person).pk
    assert deliver_letters(spaces=found, today=TODAY, until=NOW) == 8
    return found


def test_letters_come_from_boxes_that_the_simulator_has():
    boxes = {(box.name, box.address) for box in Boxes("pro.mssante.example")}

    assert {(one.box.name, one.box.address) for one in letters(today=TODAY, until=NOW)} <= boxes


def test_the_same_day_gives_the_same_bytes():
    for one in letters(today=TODAY, until=NOW):
        assert write_letter(one, today=TODAY) == write_letter(one, today=TODAY)


def test_only_what_has_come_by_now_comes():
    early = datetime(2026, 11, 4, 12, tzinfo=UTC)

    assert [one.key for one in letters(today=TODAY, until=early)] == ["results-old", "follow-up", "stress-test"]


def test_every_letter_is_filed_in_the_conversation_it_belongs_to(spaces):
    assert not Arrival.objects.exclude(state=Arrival.State.FILED).exists()
    assert Thread.objects.filter(space_id=spaces["camille"]).count() == 4
    assert Thread.objects.filter(space_id=spaces["lea"]).count() == 1
    assert Message.objects.filter(space_id=spaces["camille"]).count() == 6
    follow_up = Thread.objects.get(space_id=spaces["camille"], subject__startswith="Suites")
    assert (follow_up.messages, follow_up.unread) == (2, 2)


def test_mss_24_the_cardiologist_ended_the_exchange(spaces):
    ended = Correspondent.objects.filter(space_id=spaces["camille"], ended_at__isnull=False)

    assert [box.display_name for box in ended] == ["Dr Karim BENALI"]


def test_mss_54_one_document_of_the_record_and_one_that_is_not(spaces):
    rows = Attachment.objects.filter(space_id=spaces["camille"], kind=Attachment.Kind.DOCUMENT)

    assert {row.held for row in rows} == {""}
    recent, old = rows.order_by("-dated")
    assert recent.unique_id == by_key("laboratory").unique_id(TODAY)
    assert old.unique_id != recent.unique_id
    assert old.title == recent.title == "Résultats de biologie"


def test_sec_11_every_file_was_scanned(spaces):
    waiting = StoredFile.objects.exclude(state=StoredFile.State.CLEAN)

    assert not waiting.exists()


def test_mss_60_the_last_results_ask_for_a_receipt():
    (asking,) = [one for one in letters(today=TODAY, until=NOW) if one.receipt]

    mail = read_mail(write_letter(asking, today=TODAY))
    assert (asking.key, mail.receipt_to) == ("results", "laboratoire.rives@pro.mssante.example")
    assert mail.mss.document_codes == ("11502-2",)
    assert len(build(by_key("laboratory"), today=TODAY)) > 20_000
