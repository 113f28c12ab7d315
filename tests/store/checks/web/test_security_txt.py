"""STO-92."""

from __future__ import annotations

import pytest

from apps.store.checks.web.security_txt_file import read_security_txt
from tests.store.checks.web.world import HOST, SITE, MemoryWeb, page, run, said

WELL_KNOWN, OLD = f"{SITE}/.well-known/security.txt", f"{SITE}/security.txt"
GOOD = "Contact: mailto:securite@bon.example\nExpires: 2026-12-31T00:00:00Z\nPreferred-Languages: fr\n"


def look(text, *, media_type="text/plain", old=None):
    pages = {
        WELL_KNOWN: page(WELL_KNOWN, text, headers={"content-type": media_type}) if text is not None else None,
        OLD: page(OLD, old, headers={"content-type": "text/plain"}) if old is not None else None,
    }
    absent = {url: page(url, status=404) for url in pages}
    return run("security_txt", HOST, MemoryWeb(pages=absent | {url: each for url, each in pages.items() if each}))


def test_sto_92_a_valid_file_passes():
    finding = look(GOOD)

    assert said(finding) == ("pass", "")
    assert finding.measured == {"contacts": 1, "ends_on": "2026-12-31"}


def test_sto_92_the_older_place_counts():
    assert said(look(None, old=GOOD)) == ("pass", "")


@pytest.mark.parametrize("text", [None, "", "   \n"])
def test_sto_92_no_file_is_looked_at(text):
    assert said(look(text)) == ("flag", "security-txt-absent")


def test_sto_92_a_site_that_answers_its_first_page_everywhere_has_none():
    assert said(look("<p>Contact: mailto:a@b.example</p>", media_type="text/html")) == ("flag", "security-txt-absent")


@pytest.mark.parametrize("expires", ["2026-03-02T11:00:00Z", "2026-03-01T00:00:00+01:00", "2020-01-01T00:00:00.5Z"])
def test_sto_92_an_ended_file_is_a_fact(expires):
    assert said(look(GOOD.replace("2026-12-31T00:00:00Z", expires))) == ("fail", "security-txt-expired")


@pytest.mark.parametrize(
    "contact",
    ["securite@bon.example", "securite (arobase) bon.example", "HTTP://bon.example/securite", "voir: la page", "tel:"],
)
def test_sto_92_a_contact_that_is_no_address_is_a_fact(contact):
    text = f"{GOOD}Contact: {contact}\n"

    assert said(look(text)) == ("fail", "security-txt-contact")


@pytest.mark.parametrize("contact", ["xmpp:a@bon.example", "mailto:securite", "sip:a@bon.example", "tel:zero"])
def test_sto_92_an_address_of_another_kind_is_looked_at(contact):
    assert said(look(f"{GOOD}Contact: {contact}\n")) == ("flag", "security-txt-contact")


@pytest.mark.parametrize(
    "contact",
    ["https://bon.example/securite", "tel:+33-1-02-03-04-05", "MAILTO:a@bon.example", "tel:+33123456789;ext=12"],
)
def test_addresses_of_contacts(contact):
    assert said(look(GOOD.replace("mailto:securite@bon.example", contact))) == ("pass", "")


@pytest.mark.parametrize(
    "text",
    [
        "Contact: mailto:a@bon.example\n",
        "Expires: 2026-12-31T00:00:00Z\n",
        "Contact: mailto:a@bon.example\nExpires: demain\n",
        "Contact: mailto:a@bon.example\nExpires: 2026-13-45T99:00:00Z\n",
        GOOD + "Expires: 2027-12-31T00:00:00Z\n",
    ],
)
def test_sto_92_other_faults_are_looked_at(text):
    assert said(look(text)) == ("flag", "security-txt-incomplete")


def test_sto_92_wrong_type_and_no_field_are_looked_at():
    assert said(look(GOOD, media_type="application/octet-stream")) == ("flag", "security-txt-type")
    assert said(look("Bienvenue")) == ("flag", "security-txt-unreadable")
    assert said(look(b"\xff\xfe\x00\x01" * 20)) == ("flag", "security-txt-unreadable")


def test_a_signed_file_is_read_between_its_marks():
    signed = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"
        "- # tirets en tête\nContact: mailto:a@bon.example\nExpires: 2026-12-31T00:00:00Z\n"
        "-----BEGIN PGP SIGNATURE-----\nContact: rien\n-----END PGP SIGNATURE-----\n"
    )
    read = read_security_txt(signed.encode())

    assert read is not None
    assert read.contacts == ("mailto:a@bon.example",)
    assert read.ends_at is not None
    assert read_security_txt(b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512") is None


def test_line_ends_marks_and_case_do_not_matter():
    read = read_security_txt("\ufeffCONTACT:mailto:a@bon.example\r\nexpires:\t2026-12-31t00:00:00z\r\n".encode())

    assert read is not None
    assert (read.contacts, read.ends_at.isoformat()) == (("mailto:a@bon.example",), "2026-12-31T00:00:00+00:00")


def test_a_huge_file_is_read_in_part():
    read = read_security_txt(GOOD.encode() + b"x" * 10_000_000)

    assert read is not None
    assert read.contacts == ("mailto:securite@bon.example",)
