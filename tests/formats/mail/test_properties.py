"""Any bytes are read, whatever is written comes back (MSS-39, SEC-23)."""

from __future__ import annotations

import unicodedata
from dataclasses import fields
from datetime import UTC, datetime

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.formats.mail.composing import UnwritableMailError
from apps.formats.mail.digest import digest
from apps.formats.mail.headers import MAX_ID
from apps.formats.mail.model import Mailbox, ReadMail
from apps.formats.mail.names import clean_line, clean_name, clean_text
from apps.formats.mail.reading import read_mail
from apps.formats.mail.subjects import clean_subject
from apps.formats.mail.writing import FileToWrite, MailToWrite, write_mail
from tests.formats.mail.mails import file_part, joined, mail, mixed, part, text_mail, text_part
from tests.formats.mail.test_cases import INNER, S14, TRACKED

SEEDS = [
    mail("Subject: =?utf-8?q?R=C3=A9sultats?=\r\n"),
    mixed(text_part(), file_part(S14), part("Content-Type: message/rfc822", INNER)),
    text_mail(TRACKED, "text/html; charset=utf-8", "Content-Transfer-Encoding: 8bit\r\n"),
    mixed(
        text_part(),
        part("Content-Type: message/delivery-status", b"Final-Recipient: rfc822;a@b.fr\r\nAction: failed\r\n"),
        content_type="multipart/report; report-type=delivery-status",
    ),
    mixed(part("Content-Type: multipart/alternative; boundary=choix", joined(text_part(), boundary=b"choix"))),
]
TOKENS = [
    b"\r\n",
    b"\n",
    b"=?utf-8?b?",
    b"?=",
    b"--",
    b"--limite",
    b'"',
    b";",
    b"(",
    b"<",
    b">",
    b"=",
    b"*0*=",
    b"\r\nContent-Type: ",
    b"multipart/mixed",
    b"boundary=",
    b"message/rfc822",
    b"\r\nContent-Transfer-Encoding: base64",
    b"\xff",
    b"\x00",
    b"charset=",
    b"utf-16",
    b":",
    b",",
    b"@",
    b"[",
    b"\\",
    b"%",
    b"''",
    b"text/html",
    b"filename*=",
    b" ",
    b"\xe2\x80\xae",
    b"../",
]
FORBIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(data)))
        cut = draw(st.integers(0, 12))
        data[place : place + cut] = draw(st.one_of(st.sampled_from(TOKENS), st.binary(max_size=6)))
    return bytes(data)


def lines_of(read: ReadMail) -> list[str]:
    boxes = [box for box in (read.sender, *read.to, *read.cc) if box]
    return [
        read.message_id,
        read.answers,
        *read.references,
        read.subject,
        read.receipt_to,
        read.return_path or "",
        read.mss.software,
        *read.mss.document_codes,
        *(box.name for box in boxes),
        *(box.address for box in boxes),
        *(each.name for each in read.parts),
    ]


def check(read: ReadMail) -> None:
    for line in lines_of(read):
        assert not {unicodedata.category(character) for character in line} & FORBIDDEN
        assert len(line) <= 500
    assert all(len(each) <= MAX_ID for each in (read.message_id, read.answers, *read.references))
    assert all(clean_name(each.name) == each.name for each in read.parts)
    assert clean_text(read.body.text) == read.body.text
    assert read.dated_at is None or read.dated_at.tzinfo is not None
    assert (read.senders_count == 0) is (read.sender is None)
    for each in read.parts:
        if each.mail:
            check(each.mail)


@given(st.binary(max_size=400))
def test_mss_39_any_bytes(data):
    check(read_mail(data))
    digest(data)


@settings(max_examples=150)
@given(mutated())
def test_mss_39_broken_mails(data):
    check(read_mail(data))
    digest(data)


@given(mutated())
def test_the_same_bytes_are_the_same_mail(data):
    assert read_mail(data) == read_mail(data)


ANY_TEXT = st.text(max_size=60)
NAMES = ANY_TEXT.map(clean_name).filter(bool)
IDS = st.from_regex(r"[A-Za-z0-9._-]{1,60}@[a-z0-9.-]{1,30}", fullmatch=True)
BOXES = st.builds(
    Mailbox,
    name=ANY_TEXT.map(clean_line),
    address=st.from_regex(r"[A-Za-z0-9_-]{1,20}(\.[A-Za-z0-9_-]{1,20})?@[a-z0-9-]{1,20}\.fr", fullmatch=True),
)
FILES = st.builds(
    FileToWrite, name=NAMES, media_type=st.sampled_from(["application/pdf", "image/jpeg"]), data=st.binary(max_size=200)
)
LETTERS = st.builds(
    MailToWrite,
    message_id=IDS,
    sender=BOXES,
    to=st.lists(BOXES, min_size=1, max_size=3).map(tuple),
    cc=st.lists(BOXES, max_size=2).map(tuple),
    subject=ANY_TEXT.map(clean_subject),
    text=ANY_TEXT.map(clean_text),
    written_at=st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    answers=IDS | st.just(""),
    references=st.lists(IDS, max_size=4, unique=True).map(tuple),
    files=st.lists(FILES, max_size=2).map(tuple),
    software=st.just("ENS-1"),
    document_codes=st.lists(st.just("34112-3"), max_size=2).map(tuple),
    ins_is_qualified=st.sampled_from([True, False, None]),
)


@settings(max_examples=60)
@given(LETTERS)
def test_what_is_written_is_read(letter):
    assume(clean_subject(letter.subject) == letter.subject)
    read = read_mail(write_mail(letter))
    for name in ("message_id", "answers", "references", "subject", "sender", "to", "cc"):
        assert getattr(read, name) == getattr(letter, name), name
    assert (read.body.text, read.dated_at, read.senders_count) == (
        letter.text if letter.text.strip() else "",
        letter.written_at,
        1,
    )
    assert [(each.name, each.declared_type, each.data) for each in read.parts] == [
        (each.name, each.media_type, each.data) for each in letter.files
    ]
    assert (read.mss.document_codes, read.mss.ins_is_qualified) == (letter.document_codes, letter.ins_is_qualified)


TEXT_FIELDS = [field.name for field in fields(MailToWrite) if field.type == "str"]


@settings(max_examples=100)
@given(
    LETTERS, st.sampled_from(TEXT_FIELDS), st.text(alphabet="a:@<>\r\n\x0b\x0c\x1c\x85\u2028 ", min_size=1, max_size=12)
)
def test_sec_23_no_value_adds_a_field(letter, name, value):
    values = {field.name: getattr(letter, field.name) for field in fields(MailToWrite)} | {name: value}
    try:
        data = write_mail(MailToWrite(**values))
    except UnwritableMailError:
        return
    head = data.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    found = {line.partition(":")[0] for line in head if not line.startswith(" ")}
    assert found <= {
        "Date",
        "From",
        "To",
        "Cc",
        "Message-ID",
        "Subject",
        "In-Reply-To",
        "References",
        "X-MSS-NIL",
        "X-MSS-CODECDA",
        "X-MSS-INS",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    }
