"""Redirect addresses (STO-98)."""

from __future__ import annotations

import pytest

from apps.store.checks.registry import CHECKS
from tests.store.checks.local.dossiers import end, run, subject

HOME = {"url": "https://www.suivi-exemple.fr/"}


def judged(uri, **values):
    return end(run("redirect_uris", subject(CRI_ELI_02=HOME, CRI_INT_02={"uris": [uri]}, **values)))


@pytest.mark.parametrize(
    "uri",
    [
        "https://www.suivi-exemple.fr/retour",
        "https://suivi-exemple.fr/retour?etape=2&langue=fr",
        "https://api.compte.suivi-exemple.fr:8443/oauth/callback",
        "HTTPS://WWW.SUIVI-EXEMPLE.FR/retour",
        "https://www.suivi-exemple.fr./retour",
    ],
)
def test_sto_98_an_exact_https_address_of_the_domain_passes(uri):
    assert judged(uri) == ("pass", "")


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("http://www.suivi-exemple.fr/retour", "redirect-not-https"),
        ("javascript:alert(1)", "redirect-not-https"),
        ("file:///etc/passwd", "redirect-not-https"),
        ("urn:ietf:wg:oauth:2.0:oob", "redirect-not-https"),
        ("fr.exemple.suivi:/retour", "redirect-not-https"),  # no mobile application
        ("https://*.suivi-exemple.fr/retour", "redirect-wildcard"),
        ("https://www.suivi-exemple.fr/*", "redirect-wildcard"),
        ("https://www.suivi-exemple.fr/{client}", "redirect-wildcard"),
        ("https://www.suivi-exemple.fr/retour#jeton", "redirect-fragment"),
        ("https://www.suivi-exemple.fr/retour#", "redirect-fragment"),
        ("https://www.suivi-exemple.fr@voleur.example/", "redirect-userinfo"),
        ("https://moi:secret@www.suivi-exemple.fr/", "redirect-userinfo"),
        ("https://93.184.216.34/retour", "redirect-address"),
        ("https://[2001:db8::1]/retour", "redirect-address"),
        ("https://[v1.fe]/retour", "redirect-address"),
        ("https://2130706433/retour", "redirect-address"),
        ("https://0x7f.1/retour", "redirect-address"),
        ("https://localhost/retour", "redirect-localhost"),
        ("https://app.localhost:8080/retour", "redirect-localhost"),
        ("https://serveur.local/retour", "redirect-localhost"),
        ("https://suivi/retour", "redirect-malformed"),
        ("https:///retour", "redirect-malformed"),
        ("https://www..suivi-exemple.fr/", "redirect-malformed"),
        ("https://www.suivi-exemple.fr:port/", "redirect-malformed"),
        ("https://www.suivi-exemple.fr/re tour", "redirect-malformed"),
        ("https://www.suivi-exemple.fr\\@voleur.example/", "redirect-malformed"),
        ("https://www.suivi-exemple.fr\t.voleur.example/", "redirect-malformed"),
        ("https://santé.fr/retour", "redirect-malformed"),
        ("//www.suivi-exemple.fr/retour", "redirect-malformed"),
        ("www.suivi-exemple.fr/retour", "redirect-malformed"),
        ("https://[::1", "redirect-malformed"),
        ("https://www.suivi-exemple.fr/" + "a" * 2000, "redirect-malformed"),
    ],
)
def test_sto_98_what_is_not_exact_or_not_https_fails(uri, reason):
    assert judged(uri) == ("fail", reason)


@pytest.mark.parametrize(
    "uri",
    [
        "https://www.voleur.example/retour",
        "https://suivi-exemple.fr.voleur.example/retour",
        "https://voleur-suivi-exemple.fr/retour",
        "https://suivi-exemple.com/retour",
    ],
)
def test_sto_98_another_domain_is_for_a_person(uri):
    assert judged(uri) == ("flag", "redirect-other-domain")


def test_sto_98_neighbours_below_a_shared_suffix_are_others():
    dossier = subject(
        CRI_ELI_02={"url": "https://suivi.github.io/"}, CRI_INT_02={"uris": ["https://voleur.github.io/retour"]}
    )

    assert end(run("redirect_uris", dossier)) == ("flag", "redirect-other-domain")


@pytest.mark.parametrize(
    "places",
    [
        {"CRI_SEC_01": {"hosts": ["autre.example.fr", "api.suivi-exemple.fr"]}},
        {"CRI_SEC_02": {"hosts": ["suivi-exemple.fr"]}},
        {"CRI_SEC_04": {"host": "suivi-exemple.fr"}},
        {"CRI_FIC_04": {"web_url": "https://m.suivi-exemple.fr"}},
    ],
)
def test_sto_98_the_domain_may_be_named_anywhere_as_ones_own(places):
    dossier = subject(CRI_INT_02={"uris": ["https://www.suivi-exemple.fr/retour"]}, **places)

    assert end(run("redirect_uris", dossier)) == ("pass", "")


def test_sto_98_pages_of_others_do_not_make_a_domain_ones_own():
    dossier = subject(
        CRI_LEG_05={"url": "https://conditions.example.com/suivi"},
        CRI_FIC_04={"app_store_url": "https://apps.apple.com/fr/app/suivi/id123456789"},
        CRI_INT_02={"uris": ["https://conditions.example.com/retour", "https://apps.apple.com/retour"]},
    )

    ends = [end(run("redirect_uris", dossier, uri)) for uri in CHECKS["redirect_uris"].targets(dossier)]
    assert ends == [("flag", "redirect-other-domain")] * 2


def test_sto_98_a_domain_with_accents_is_the_same_in_both_spellings():
    uri = "https://xn--tlsant-bvabe.fr/retour"
    dossier = subject(CRI_ELI_02={"url": "https://www.télésanté.fr/"}, CRI_INT_02={"uris": [uri]})

    assert end(run("redirect_uris", dossier)) == ("pass", "")


def test_sto_98_the_scheme_of_a_mobile_application_is_for_a_person():
    assert judged("fr.exemple.suivi:/retour", is_mobile=True) == ("flag", "redirect-custom-scheme")
    assert judged("http://127.0.0.1/retour", is_mobile=True) == ("fail", "redirect-not-https")
    assert judged("fr.exemple.suivi:/*", is_mobile=True) == ("fail", "redirect-wildcard")


def test_sto_98_each_address_is_one_run_and_is_asked_once():
    dossier = subject(CRI_INT_02={"uris": [" https://a.fr/x ", "https://a.fr/y", "https://a.fr/x", "", 7, None]})

    assert CHECKS["redirect_uris"].targets(dossier) == ("https://a.fr/x", "https://a.fr/y")
    assert CHECKS["redirect_uris"].targets(subject()) == ()
    assert CHECKS["redirect_uris"].targets(subject(CRI_INT_02={"uris": "https://a.fr"})) == ()


def test_sto_98_what_was_measured_is_told():
    dossier = subject(CRI_ELI_02=HOME, CRI_INT_02={"uris": ["https://www.voleur.example.com/retour"]})

    assert run("redirect_uris", dossier).measured == {"host": "www.voleur.example.com", "domain": "example.com"}
