"""Names of certificates are compared as names, not as texts (MSS-02)."""

from __future__ import annotations

from base64 import b64decode

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from apps.directory import trust
from apps.mss.door.answers import Answer, line_of
from apps.mss.door.senders import answer_author, answer_sender, name_of, same_name
from simulators.certificates import OPERATOR, make_certificates
from tests.directory.trust_lists import bring, trust_list
from tests.harness.clock import NOON
from tests.mss.door.opened import DOMAIN, OPERATOR_NAME, SENDER

NAME = "CN=pro.mssante.example,O=Opérateur simulé,C=FR"


@pytest.fixture
def listed(db):
    bring(trust_list(DOMAIN, issued=NOON, operator=OPERATOR_NAME), at=NOON, force=True)
    trust.forget()
    yield
    trust.forget()


@pytest.mark.parametrize(
    "other",
    [
        NAME,
        "C=FR,O=Opérateur simulé,CN=pro.mssante.example",
        "cn=PRO.mssante.example, o=Opérateur  Simulé, c=fr".upper(),
    ],
)
def test_order_capitals_and_spaces_do_not_count(other):
    assert same_name(NAME, other)


@pytest.mark.parametrize(
    "other",
    [
        "",
        "CN=pro.mssante.example",
        f"{NAME},C=FR",
        "CN=pro.mssante.example.evil,O=Opérateur simulé,C=FR",
        "no name",
        "=",
    ],
)
def test_less_more_or_other_is_another_name(other):
    assert not same_name(NAME, other)
    assert not same_name(other, NAME)


def test_nobody_is_not_the_same_as_nobody():
    assert not same_name("", "")


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_raises_and_the_comparison_is_the_same_both_ways(one, other):
    assert same_name(one, other) == same_name(other, one)


def test_the_name_of_a_certificate_is_the_one_of_the_list(papers_folder):
    papers = make_certificates(papers_folder)
    text = papers.of(OPERATOR).certificate.read_text().splitlines()
    der = b64decode("".join(text[1:-1]))

    assert same_name(name_of(der), OPERATOR_NAME)


def test_a_relay_of_our_own_has_no_certificate_but_its_senders_are_on_the_list(listed):
    senders = [SENDER, SENDER.upper(), "<>", f"a@sous.{DOMAIN}", f"a@{DOMAIN}.evil.example", "sans-domaine"]

    assert [answer_sender(sender=each, peer="", at=NOON) for each in senders] == [
        Answer.SENDER_OK, Answer.SENDER_OK, Answer.SENDER_OK, Answer.UNTRUSTED, Answer.UNTRUSTED, Answer.UNTRUSTED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        (f"From: Dr Benali <{SENDER}>", Answer.TAKEN),
        (f'From: "{SENDER}" <dr@ailleurs.example>', Answer.UNTRUSTED),
        (f"From: <{SENDER}>, <dr@ailleurs.example>", Answer.UNTRUSTED),
        (f"From: <{SENDER}>\r\nFrom: <dr@ailleurs.example>", Answer.UNTRUSTED),
        ("Subject: sans auteur", Answer.TAKEN),
        ("From: " + "(a)" * 4_000 + f"<{SENDER}>", Answer.UNTRUSTED),
        ("\r\n".join(["From: " + "(a)" * 200 + f"<{SENDER}>"] * 20), Answer.UNTRUSTED),
    ],
)
def test_sec_23_every_author_of_the_message_is_on_the_list(listed, fields, answer):
    assert answer_author(data=f"{fields}\r\n\r\nTexte\r\n".encode(), at=NOON) is answer


@pytest.mark.parametrize("sender", [f"a\x00@{DOMAIN}", f"a\udce9@{DOMAIN}", f"a\u202e@{DOMAIN}"])
def test_a_sender_that_cannot_be_written_down_is_refused_for_good(listed, sender):
    assert answer_sender(sender=sender, peer="", at=NOON) == "553 5.1.7 Adresse d'expediteur invalide"


def test_every_answer_is_ascii_one_line_and_has_its_code_and_status():
    for answer in Answer:
        line = line_of(answer, largest=settings.MSS_MAX_MESSAGE_BYTES)
        code, status = line.split(" ")[:2]
        assert line.isascii()
        assert (line.isprintable(), code[0]) == (True, status[0])
    assert line_of(Answer.TOO_LARGE, largest=25_000_000) == "552 5.3.4 Message trop volumineux (25 Mo)"
