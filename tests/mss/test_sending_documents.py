"""Documents of the record travel as the packages that software takes in; files of people as they are (MSS-57)."""

from __future__ import annotations

import hashlib

import pytest

from apps.accounts.models import InsIdentity, User
from apps.common.ids import uuid7
from apps.formats import media
from apps.formats.mail.model import ReadMail
from apps.formats.xdm.model import Package
from apps.formats.xdm.reading import read_package
from apps.mss.jobs.sending import send_due
from apps.mss.models import Attachment, OutgoingMail
from apps.mss.services import answering
from tests import factories
from tests.formats.small_cda import SmallCda, payload, pdf
from tests.harness.clock import NOON
from tests.mss.outgoing import attached, conversation, draft, holder
from tests.mss.relays import Kept

pytestmark = pytest.mark.django_db
ENVELOPE = SmallCda(body=payload(pdf())).data()
LETTER = SmallCda(
    body="", title="<title>Lettre</title>", code='<code code="34112-3" codeSystem="2.16.840.1.113883.6.1"/>'
).data()


@pytest.fixture
def space():
    return factories.space()


def mail_with(space, *files: tuple[bytes, str, bool]) -> ReadMail:
    """What arrives of a message with these files: bytes, name, whether it is a document of the record."""
    row = draft(space, by=User.objects.get(pk=holder(space).user_id), thread=conversation(space))
    for data, name, of_the_record in files:
        values = {"document_id": uuid7()} if of_the_record else {}
        attached(row, data=data, name=name, media_type=media.sniff(data), **values)
    answering.send(actor=holder(space), draft_id=row.id, to_all=False, at=NOON)
    relay = Kept()
    assert send_due(relay=relay, at=NOON) == {"sent": 1}
    return relay.read()[0]


def package_of(mail: ReadMail) -> Package:
    return read_package(mail.parts[0].data)


def test_mss_57_a_document_goes_unchanged_in_a_package(space):
    mail = mail_with(space, (ENVELOPE, "Compte rendu.xml", True))

    assert (mail.parts[0].name, mail.parts[0].declared_type) == ("IHE_XDM.ZIP", "application/zip")
    package = package_of(mail)
    (document,) = package.documents
    assert (document.data, document.faults, package.faults) == (ENVELOPE, (), ())
    assert document.unique_id == "1.2.250.1.999^A-1"
    assert (document.entry.title, document.entry.type_code.code) == ("Compte rendu d'examens", "11502-2")
    assert package.submission.patient.number == space.identity.number.full
    assert package.submission.submitted.written == "20261125120000"


def test_mss_50_the_file_inside_stands_beside_it_for_people(space):
    mail = mail_with(space, (ENVELOPE, "Compte rendu.xml", True))

    _package, copy = mail.parts
    assert (copy.name, copy.declared_type, copy.data) == ("Compte rendu.pdf", "application/pdf", pdf())


def test_mss_34_headers_tell_of_the_package(space):
    mail = mail_with(space, (ENVELOPE, "a.xml", True), (LETTER, "b.xml", True))

    assert mail.mss.document_codes == ("11502-2", "34112-3")
    assert mail.mss.ins_is_qualified is True
    assert len(package_of(mail).documents) == 2


@pytest.mark.parametrize(("change", "expected"), [({}, True), ({"evidence_checked": False}, False)])
def test_mss_33_x_mss_ins_says_whether_the_identity_is_qualified(space, change, expected):
    InsIdentity.objects.update(**change) if change else None

    assert mail_with(space, (ENVELOPE, "a.xml", True)).mss.ins_is_qualified is expected


def test_mss_32_the_subject_bears_the_mark_and_no_traits(space):
    row = draft(space, by=User.objects.get(pk=holder(space).user_id), thread=conversation(space))
    attached(row, data=ENVELOPE, name="a.xml", media_type=media.XML, document_id=uuid7())
    answering.send(actor=holder(space), draft_id=row.id, to_all=False, at=NOON)
    relay = Kept()
    send_due(relay=relay, at=NOON)

    assert b"\r\nSubject: XDM/1.0/DDM+Vos analyses\r\n" in relay.mails[0].data
    assert relay.read()[0].subject == "Vos analyses"


def test_mss_57_what_people_add_goes_as_it_is(space):
    mail = mail_with(space, (b"%PDF-1.7 x", "photo.pdf", False), (ENVELOPE, "mine.xml", False))

    assert [part.name for part in mail.parts] == ["photo.pdf", "mine.xml"]
    assert (mail.mss.document_codes, mail.mss.ins_is_qualified) == ((), None)


def test_a_document_of_the_record_that_is_no_cda_goes_as_it_is(space):
    mail = mail_with(space, (b"%PDF-1.7 x", "mon-document.pdf", True))

    assert [(part.name, part.data) for part in mail.parts] == [("mon-document.pdf", b"%PDF-1.7 x")]


def test_rel_08_a_package_has_the_same_bytes_each_time(space):
    row = draft(space, by=User.objects.get(pk=holder(space).user_id), thread=conversation(space))
    attached(row, data=ENVELOPE, name="a.xml", media_type=media.XML, document_id=uuid7())
    answering.send(actor=holder(space), draft_id=row.id, to_all=False, at=NOON)
    relay = Kept()
    for _ in range(2):
        OutgoingMail.objects.update(state="waiting", ended_at=None, due_at=NOON)
        send_due(relay=relay, at=NOON)

    assert len({hashlib.sha256(mail.data).hexdigest() for mail in relay.mails}) == 1
    assert len(relay.mails) == 2


def test_a_page_shows_a_document_as_one(space):
    mail_with(space, (ENVELOPE, "Compte rendu.xml", True), (b"%PDF-1.7 x", "photo.pdf", False))

    rows = Attachment.objects.filter(space_id=space.id, message__direction="out").order_by("position")
    assert [(row.kind, row.title, row.name) for row in rows] == [
        ("document", "Compte rendu.xml", "Compte rendu.xml"),
        ("file", "", "photo.pdf"),
    ]
