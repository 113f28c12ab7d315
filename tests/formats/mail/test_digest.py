"""Two deliveries of one message (S19)."""

from __future__ import annotations

import pytest

from apps.formats.mail.digest import digest
from tests.formats.mail.mails import mail

ONCE = mail("Subject: Bilan\r\n")


@pytest.mark.parametrize(
    "again",
    [
        b"Received: from a\r\n\tby b; x\r\n" * 3 + ONCE,
        b"Return-Path: <a@b.fr>\r\n" + ONCE,
        b"DELIVERED-TO: x\r\nAuthentication-Results: x;\r\n y\r\n" + ONCE,
        ONCE.replace(b"\r\n", b"\n"),
        ONCE + b"\r\n\r\n",
    ],
)
def test_s19_what_servers_write_makes_no_other_message(again):
    assert digest(again) == digest(ONCE)


@pytest.mark.parametrize(
    "other",
    [
        ONCE.replace(b"Bilan", b"bilan"),
        ONCE + b"PS",
        ONCE + b"\r\nReceived: in the text",
        b"X-Received-Not: x\r\n" + ONCE,
        ONCE.replace(b"m1@", b"m2@"),
        b"",
    ],
)
def test_s19_what_senders_write_makes_another(other):
    assert digest(other) != digest(ONCE)


def test_a_field_and_a_line_of_text_are_not_the_same():
    assert digest(b"A: b\n\nc") != digest(b"A: b\nc")


def test_it_is_a_sha_256():
    assert len(digest(b"")) == 32
