"""Keys and passwords forgotten in evidence (L15)."""

from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.formats import media
from apps.journeys.demonstration.documents.pdf import text_pdf
from apps.store.checks.local.secret_kinds import Found, secrets_in
from apps.store.checks.registry import CHECKS
from tests.store.checks.local.dossiers import blank_pdf, end, file, picture, run, saved, subject

# In two halves, so that no scanner takes this file for a leak.
BEGIN, END = "-----BEGIN " + "PRIVATE KEY-----", "-----END " + "PRIVATE KEY-----"
BODY = "\n".join(base64.b64encode(bytes(range(48))).decode() for _ in range(3))
KEY = f"{BEGIN}\n{BODY}\n{END}"
AWS = "AKIA" + "J7QZ2M5XN8RT4WKD"
JWT = "eyJ" + "hbGciOiJSUzI1NiJ9" + ".eyJ" + "zdWIiOiI0MiJ9" + "." + "c2lnbmF0dXJlLXRlc3Q"
GITHUB = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def of_csv(text, encoding="utf-8"):
    return run("secrets", subject(files=[file(text.encode(encoding), name="a.csv")]))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (KEY, "private-key"),
        (KEY.replace("PRIVATE", "RSA PRIVATE"), "private-key"),
        (KEY.replace("PRIVATE", "ENCRYPTED PRIVATE"), "private-key"),
        (KEY.replace("PRIVATE", "OPENSSH PRIVATE").replace("\n", "\r\n"), "private-key"),
        (KEY.replace("PRIVATE KEY", "PGP PRIVATE KEY BLOCK"), "private-key"),
        (f"{BEGIN}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n{BODY}", "private-key"),
        (f"cle;{AWS};eu-west-3", "access-key"),
        (f"jeton {GITHUB}.", "access-key"),
        ("sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc", "access-key"),
        ("DB_PASSWORD=correct-horse", "password"),
        ("export API_KEY = 'k3y-of-the-portal'", "password"),
        ('MOT_DE_PASSE="azertyuiop"', "password"),
        ("a;b;SMTP_PASSWD=hunter2;c", "password"),
        ("DB_PASSWORD=Sup3r$ecret{", "password"),
        ("spring.datasource.password=m0tdepasse", "password"),
        ("  api-key = 0a1b2c3d4e5f  ", "password"),
        ("DJANGO_SECRET_KEY=django-insecure-9f8a7b6c", "password"),
        (f"Authorization: Bearer {GITHUB}", "access-key"),
        ("authorization: bearer 0123456789abcdefABCDEF", "bearer"),
        (f"{JWT}", "bearer"),
        ("postgres://suivi:m0tdepasse@db.exemple.fr/suivi", "address"),
    ],
)
def test_l15_what_looks_like_a_secret_fails(text, kind):
    found = of_csv(f"colonne\n{text}\n")

    assert end(found) == ("fail", "secret-found")
    assert kind in found.measured["kinds"]
    assert found.measured["line"] == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Les mots de passe sont hachés par Argon2id.",
        "password = PasswordField()",
        "PASSWORD=",
        "password=motdepasse",
        "secret = client.secret2()",
        "grant_type=code&token=0a1b2c3d4e5f",
        "API_KEY=%API_KEY%",
        "API_KEY=$API_KEY_2",
        "API_KEY=[votre clé]",
        "PASSWORD=********",
        "PASSWORD=--------",
        "DB_PASSWORD=<votre mot de passe>",
        "DB_PASSWORD=${DB_PASSWORD}",
        "API_KEY=your-api-key",
        "API_KEY=changeme",
        "TOKEN=xxxxxxxxxxxx",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "Authorization: Bearer <jeton>",
        "Authorization: Bearer …",
        "Bearer tokens are sent in the header",
        f"{BEGIN}\n...\n{END}",
        BEGIN,
        "-----BEGIN " + "PUBLIC KEY-----\n" + BODY,
        "-----BEGIN " + "CERTIFICATE-----\n" + BODY,
        "https://moi:********@exemple.fr/",
        "https://exemple.fr/?a=b:c@d",
        "postgres://utilisateur:<motdepasse>@db.exemple.fr/",
        "eyJhbGciOiJSUzI1NiJ9",
        "la clé SECRET est gardée dans un coffre",
    ],
)
def test_l16_documentation_that_shows_the_form_alone_passes(text):
    assert end(of_csv(f"colonne\n{text}\n")) == ("pass", "")


def test_l15_the_secret_itself_is_never_told():
    found = of_csv(f"a\n{KEY}\nDB_PASSWORD=correct-horse\n{AWS}\n")

    assert found.measured == {"kinds": ["access-key", "password", "private-key"], "line": 2}
    assert not found.evidence
    for secret in ("correct-horse", AWS, BODY[:20]):
        assert secret not in repr(found)


def test_l15_the_page_of_a_pdf_is_told():
    data = text_pdf("Annexe\nDB_PASSWORD=correct-horse", title="Annexe")
    found = run("secrets", subject(files=[file(data)]))

    assert end(found) == ("fail", "secret-found")
    assert found.measured == {"kinds": ["password"], "page": 1}


def test_l15_all_kinds_of_one_line_or_page_are_told():
    text = f"DB_PASSWORD=correct-horse;{AWS}"

    assert of_csv(text).measured == {"kinds": ["access-key", "password"], "line": 1}
    found = run("secrets", subject(files=[file(text_pdf(f"DB_PASSWORD=correct-horse\n{AWS}", title="Annexe"))]))
    assert found.measured == {"kinds": ["access-key", "password"], "page": 1}


def test_l15_a_key_printed_into_a_pdf_is_found():
    found = run("secrets", subject(files=[file(text_pdf(KEY, title="Annexe"))]))

    assert found.measured == {"kinds": ["private-key"], "page": 1}


def test_l15_every_code_page_of_a_spreadsheet_is_read():
    assert end(of_csv("clé\nDB_PASSWORD=correct-horse\n", "cp1252")) == ("fail", "secret-found")
    assert end(of_csv("clé\nDB_PASSWORD=correct-horse\n", "utf-8-sig")) == ("fail", "secret-found")
    assert end(of_csv("clé;durée\n", "cp1252")) == ("pass", "")


def test_a_pdf_that_cannot_be_read_is_not_said_to_be_clean():
    assert end(run("secrets", subject(files=[file(b"%PDF-1.4\nnothing")]))) == ("skipped", "secrets-not-read")
    assert end(run("secrets", subject(files=[file(saved(blank_pdf()))]))) == ("pass", "")


def test_pictures_and_workbooks_are_no_targets():
    evidence = file(b"a;b", name="a.csv")
    others = [file(picture(), name="a.png"), file(b"PK\x03\x04", name="a.xlsx", media_type="application/zip")]
    table = file(b"a;b", name="b.csv", media_type="text/csv")

    assert media.sniff(b"a;b") == media.TEXT
    assert CHECKS["secrets"].targets(subject(files=[*others, evidence, table])) == (str(evidence.id), str(table.id))


def test_places_are_in_the_order_of_the_text_and_few():
    text = f"x\n{AWS}\ny\nDB_PASSWORD=correct-horse\n" + "API_KEY=abcdefgh1\n" * 100
    found = secrets_in(text)

    assert found[:2] == [Found(kind="access-key", line=2), Found(kind="password", line=4)]
    assert len(found) == 20


@pytest.mark.parametrize(
    "part",
    [
        "PASSWORD",
        "A",
        "eyJ-",
        "eyJaaaaaaaaaaa.",
        "ghp_a",
        "xoxa-",
        "http://a:",
        "Bearer ",
        BEGIN,
        "SECRET =",
        "=" * 9,
        "_",
        "a:b@",
        "password=",
        "password=a1",
        "\npassword",
    ],
)
def test_sec_11_a_hostile_text_costs_no_more_than_its_length(part):
    text = part * (2_000_000 // len(part))
    start = time.perf_counter()
    secrets_in(text)

    assert time.perf_counter() - start < 6


@given(st.text(max_size=300))
def test_any_text_has_an_end(text):
    assert all(found.line <= text.count("\n") + 1 for found in secrets_in(text))
