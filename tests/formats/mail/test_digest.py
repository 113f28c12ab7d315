"""Two deliveries of one message (S19)."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.formats.mail import digest as module
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


@given(st.text(alphabet="\r\nab", max_size=40), st.integers(1, 5))
def test_s19_a_large_mail_is_read_in_pieces_and_means_the_same(text, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PIECE", size)
        found = digest(b"A: b\r\n\r\n" + text.encode())
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")

    assert found == hashlib.sha256(b"A: b\n\n" + lines.encode()).digest()
