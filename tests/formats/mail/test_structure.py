"""Parts inside parts, broken and hostile (MSS-39, SEC-10, SEC-11): bounded in time, depth, number and memory."""

from __future__ import annotations

import resource
import time

import pytest

from apps.formats.mail.digest import digest
from apps.formats.mail.model import BodyKind, Fault, MailLimits, PartKind
from apps.formats.mail.reading import read_mail
from tests.formats.mail.mails import PDF, file_part, joined, mail, mixed, names_of, only, part, text_part

PLAIN = text_part("Oui.")
LARGE = 5_000_000


def nested(depth: int, leaf: bytes = PLAIN) -> bytes:
    for level in range(depth):
        boundary = b"b%d" % level
        leaf = part(f"Content-Type: multipart/mixed; boundary=b{level}", joined(leaf, boundary=boundary))
    return b"From: a@b.fr\r\n" + leaf


def letters_in_letters(depth: int) -> bytes:
    return b"From: a@b.fr\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Subject: fin\r\n\r\nFin."


class TestBroken:
    def test_a_boundary_that_is_not_announced_is_found(self):
        read = read_mail(mail("Content-Type: multipart/mixed\r\n", joined(PLAIN, file_part())))
        assert (read.body.text, names_of(read)) == ("Oui.", ["bilan.pdf"])

    def test_a_boundary_that_is_announced_wrongly_is_found(self):
        read = read_mail(mail("Content-Type: multipart/mixed; boundary=autre\r\n", joined(PLAIN, file_part())))
        assert (read.body.text, names_of(read)) == ("Oui.", ["bilan.pdf"])

    def test_a_message_cut_off_keeps_what_came(self):
        whole = mixed(PLAIN, file_part())
        read = read_mail(whole[: whole.index(b"--limite--")])
        assert (read.body.text, only(read).data, read.faults) == ("Oui.", PDF, (Fault.DAMAGED_STRUCTURE,))

    def test_a_multipart_without_parts_is_its_text(self):
        read = read_mail(mail("Content-Type: multipart/mixed; boundary=x\r\n", "Juste du texte."))
        assert (read.body.text, read.body.is_doubtful) == ("Juste du texte.", True)
        assert Fault.DAMAGED_STRUCTURE in read.faults

    def test_text_before_and_behind_the_parts_is_none(self):
        content = b"avant\r\n" + joined(PLAIN) + b"apres\r\n--limite\r\n\r\nencore"
        assert read_mail(mail("Content-Type: multipart/mixed; boundary=limite\r\n", content)).body.text == "Oui."

    def test_one_boundary_may_begin_like_another(self):
        inner = part("Content-Type: multipart/mixed; boundary=limite-2", joined(PLAIN, boundary=b"limite-2"))
        assert read_mail(mixed(inner, file_part())).body.text == "Oui."

    def test_a_line_in_a_text_that_begins_like_a_boundary(self):
        assert (
            read_mail(mixed(text_part("a\r\n--limites\r\nx --limite\r\nb"))).body.text == "a\n--limites\nx --limite\nb"
        )

    def test_blanks_behind_a_boundary(self):
        data = mixed(PLAIN, file_part()).replace(b"--limite\r\n", b"--limite \t\r\n")
        assert names_of(read_mail(data)) == ["bilan.pdf"]

    def test_bare_line_feeds(self):
        assert names_of(read_mail(mixed(PLAIN, file_part()).replace(b"\r\n", b"\n"))) == ["bilan.pdf"]

    def test_parts_without_fields(self):
        assert read_mail(mixed(b"\r\nOui.")).body.text == "Oui."
        assert read_mail(mixed(b"Oui, sans ligne vide.")).body.text == "Oui, sans ligne vide."

    @pytest.mark.parametrize("data", [b"", b"\r\n", b"\n\n", b"\x00", b":", b"\xff" * 50, b"From"])
    def test_mss_39_nearly_nothing(self, data):
        read = read_mail(data)
        assert Fault.NO_HEADERS in read.faults
        assert read.parts == ()
        assert read.body.kind in {BodyKind.UNREADABLE, BodyKind.PLAIN}


class TestLimits:
    def test_ten_levels_are_read(self):
        assert read_mail(nested(10)).body.text == "Oui."

    def test_deeper_ones_stay_closed(self):
        read = read_mail(nested(11))
        assert (read.body.kind, read.faults) == (BodyKind.NONE, (Fault.TOO_DEEP,))
        assert only(read).declared_type == "application/octet-stream"

    def test_five_messages_in_one_another(self):
        read, seen = read_mail(letters_in_letters(7)), 0
        while read.parts and read.parts[0].mail:
            read, seen = read.parts[0].mail, seen + 1
        assert seen == 5
        assert (only(read).kind, only(read).mail, only(read).faults) == (PartKind.MESSAGE, None, (Fault.TOO_DEEP,))

    def test_two_hundred_parts(self):
        read = read_mail(mixed(*[file_part()] * 201))
        assert (len(read.parts), read.faults) == (200, (Fault.TOO_MANY_PARTS,))

    def test_parts_of_inner_messages_count(self):
        inner = part("Content-Type: message/rfc822", mixed(*[file_part()] * 150).replace(b"limite", b"dedans"))
        read = read_mail(mixed(inner, inner))
        counts = [len(each.mail.parts) for each in read.parts]
        assert (counts, read.parts[1].mail.faults) == ([150, 48], (Fault.TOO_MANY_PARTS,))

    def test_fields(self):
        read = read_mail(b"From: a@b.fr\r\nX: " + b"a" * 300_000 + b"\r\nSubject: perdu\r\n\r\nOui.")
        assert (read.subject, read.body.text) == ("", "Oui.")
        assert Fault.HEADERS_TOO_LARGE in read.faults

    def test_decoded_bytes(self):
        read = read_mail(mixed(PLAIN, file_part(), file_part()), limits=MailLimits(decoded_bytes=150))
        assert [(each.data, each.faults) for each in read.parts] == [(PDF, ()), (b"", (Fault.TOO_LARGE,))]


HOSTILE = {
    "a thousand levels": nested(1_000) + b"x\r\n" * (LARGE // 3),
    "nine levels around much": nested(9, part("Content-Type: text/plain", b"abc\r\n" * (LARGE // 5))),
    "a thousand messages": letters_in_letters(1_000) + b"x" * LARGE,
    "one long field": b"Subject: " + b"a" * LARGE,
    "many fields": b"a:b\r\n" * (LARGE // 5),
    "fields of senders": b"From: a@b.fr (c\r\n" * 20_000,
    "comments in a sender": b"From: " + b"(" * 200_000 + b"\r\n\r\n",
    "dots in an address": b"To: " + b"a." * 100_000 + b"\r\n\r\n",
    "many addresses": b"To: " + b"a@b.fr, " * 30_000 + b"\r\n\r\n",
    "halves of words": b"Subject: " + b"=?a?q?" * 40_000 + b"\r\n\r\n",
    "many parameters": b'Content-Type: text/plain; a="' + b";" * 250_000 + b"\r\n\r\nx",
    "many quotes": b"Content-Type: text/plain" + b';"' * 125_000 + b"\r\n\r\nx",
    "many ids": b"References: " + b"<a@b> " * 40_000 + b"\r\n\r\n",
    "open ids": b"References: " + b"<" * 250_000 + b"\r\n\r\n",
    "many boundaries": mail("Content-Type: multipart/mixed; boundary=b\r\n", b"--b\r\n" * (LARGE // 5)),
    "nearly boundaries": mail("Content-Type: multipart/mixed; boundary=-\r\n", b"-" * LARGE),
    "boundaries with blanks": mail(
        "Content-Type: multipart/mixed; boundary=b\r\n", (b"\n--b" + b" " * 200 + b"x") * (LARGE // 205)
    ),
    "no boundary": mail("Content-Type: multipart/mixed\r\n", (b"\n--" + b"a" * 260) * (LARGE // 263)),
    "deep pages": mail("Content-Type: text/html\r\n", b"<div>" * (LARGE // 5)),
    "line ends of pages": mail("Content-Type: text/html\r\n", b"<br> " * (LARGE // 5)),
    "links in links": mail("Content-Type: text/html\r\n", b"<a href=http://x>a" * (LARGE // 18)),
    "flowed lines": mail("Content-Type: text/plain; format=flowed\r\n", b"a \n" * (LARGE // 3)),
    "unknown letters": mail("Content-Type: text/plain; charset=x\r\n", b"\xe9" * LARGE),
    "bad base64": mail(
        "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n", b"A!" * (LARGE // 2) + b"A"
    ),
    "soft line ends": mail("Content-Transfer-Encoding: quoted-printable\r\n", b"=\r\n" * (LARGE // 3)),
    "nothing but zeros": b"\x00" * LARGE,
    "nothing but returns": b"\r" * LARGE,
    "reports": mixed(
        part("Content-Type: message/delivery-status", b"Action: failed\r\n\r\n" * 100_000),
        content_type="multipart/report",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_sec_11_seconds_and_no_more(name):
    """A fifth of what the door takes; quadratic readers need minutes for it."""
    began = time.process_time()
    read_mail(HOSTILE[name])
    digest(HOSTILE[name])
    assert time.process_time() - began < 4


def test_sec_11_memory_stays_near_the_length_of_the_message():
    data = mixed(PLAIN, file_part(data=b"\x00" * 12_000_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(only(read_mail(data)).data) == 12_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
