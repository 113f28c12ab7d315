"""E-mail addresses and links to stores (STO-106, STO-107)."""

from __future__ import annotations

import pytest

from apps.store.checks.local.store_links import read_link
from apps.store.checks.registry import CHECKS
from tests.store.checks.local.dossiers import end, run, subject


def email(address, *, emails=None):
    return end(run("email", subject(emails=emails, CRI_FIC_03={"contact_email": address})))


def link(field, url):
    return end(run("store_links", subject(CRI_FIC_04={field: url})))


def test_sto_106_an_address_that_its_owner_confirmed_passes():
    assert email("contact@suivi-exemple.fr", emails={"contact@suivi-exemple.fr": True}) == ("pass", "")
    assert email("Contact@Suivi-Exemple.fr", emails={"contact@suivi-exemple.fr": True}) == ("pass", "")


def test_sto_106_an_address_that_nobody_confirmed_is_for_a_person():
    assert email("contact@suivi-exemple.fr") == ("flag", "email-not-confirmed")
    assert email("contact@suivi-exemple.fr", emails={"contact@suivi-exemple.fr": False})[1] == "email-not-confirmed"
    assert email("contact@suivi-exemple.fr", emails={"autre@suivi-exemple.fr": True})[1] == "email-not-confirmed"


@pytest.mark.parametrize(
    "domain", ["yopmail.com", "YOPMAIL.COM", "boite.yopmail.com", "mailinator.com", "jetable.fr.nf"]
)
def test_sto_106_a_short_lived_mailbox_is_for_a_person_even_when_confirmed(domain):
    address = f"moi@{domain}"

    assert email(address, emails={address: True}) == ("flag", "email-disposable")


@pytest.mark.parametrize("domain", ["notyopmail.com", "yopmail.com.exemple.fr", "nf"])
def test_sto_106_other_domains_are_not_taken_for_short_lived_ones(domain):
    assert email(f"moi@{domain}")[1] != "email-disposable"


@pytest.mark.parametrize(
    "address", ["contact", "contact@", "@exemple.fr", "a@b", "a b@exemple.fr", "a@exemple.fr\nBcc: b@c.fr"]
)
def test_sto_106_what_is_no_address_fails(address):
    assert email(address) == ("fail", "email-malformed")


def test_sto_106_each_address_is_one_run():
    dossier = subject(CRI_FIC_03={"contact_email": "a@b.fr", "technical_email": "c@d.fr"})
    same = subject(CRI_FIC_03={"contact_email": "a@b.fr", "technical_email": "a@b.fr"})

    assert CHECKS["email"].targets(dossier) == ("a@b.fr", "c@d.fr")
    assert CHECKS["email"].targets(same) == ("a@b.fr",)
    assert CHECKS["email"].targets(subject()) == ()


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://apps.apple.com/fr/app/mon-suivi/id1234567890", ("App Store", "1234567890")),
        ("https://apps.apple.com/app/id123456789?l=fr", ("App Store", "123456789")),
        ("https://itunes.apple.com/fr/app/id123456789/", ("App Store", "123456789")),
        ("https://apps.apple.com/fr/app/suivi-sant%C3%A9/id123456789", ("App Store", "123456789")),
        ("https://play.google.com/store/apps/details?id=fr.exemple.suivi&hl=fr", ("Google Play", "fr.exemple.suivi")),
        (
            "https://play.google.com/store/apps/details/Mon_suivi?id=fr.exemple.suivi",
            ("Google Play", "fr.exemple.suivi"),
        ),
        ("https://apps.apple.com/fr/developer/exemple/id123456789", ("", "")),
        ("https://apps.apple.com/fr/app/mon-suivi", ("", "")),
        ("https://apps.apple.com.voleur.example/fr/app/x/id123456789", ("", "")),
        ("https://apps.apple.com@voleur.example/fr/app/x/id123456789", ("", "")),
        ("https://apps.apple.com:444/fr/app/x/id123456789", ("", "")),
        ("http://apps.apple.com/fr/app/x/id123456789", ("", "")),
        ("https://play.google.com/store/apps/details", ("", "")),
        ("https://play.google.com/store/apps/details?id=suivi", ("", "")),
        ("https://play.google.com/store/apps/details?id=fr.exemple.<script>", ("", "")),
        ("https://play.google.com/store/apps/developer?id=Exemple", ("", "")),
        ("https://play.google.com/store/apps/details?" + "a=1&" * 500 + "id=fr.exemple.suivi", ("", "")),
        ("https://[::1", ("", "")),
        ("https://play.google.com:port/store/apps/details?id=fr.exemple.suivi", ("", "")),
        ("", ("", "")),
    ],
)
def test_sto_107_the_id_is_read_from_the_link_alone(url, read):
    assert read_link(url) == read


def test_sto_107_the_id_is_measured():
    dossier = subject(CRI_FIC_04={"app_store_url": "https://apps.apple.com/fr/app/suivi/id123456789"})
    found = run("store_links", dossier)

    assert end(found) == ("pass", "")
    assert found.measured == {"store": "App Store", "id": "123456789"}


def test_sto_107_what_is_no_link_of_a_store_fails():
    assert link("app_store_url", "https://www.suivi-exemple.fr/application") == ("fail", "store-link")


def test_sto_107_a_link_in_the_field_of_the_other_store_fails():
    apple, google = "https://apps.apple.com/app/id123456789", "https://play.google.com/store/apps/details?id=fr.a.b"

    assert link("play_store_url", apple) == ("fail", "store-link-other")
    assert link("app_store_url", google) == ("fail", "store-link-other")
    dossier = subject(CRI_FIC_04={"app_store_url": apple, "play_store_url": google, "web_url": "https://a.fr"})
    assert [end(run("store_links", dossier, url)) for url in CHECKS["store_links"].targets(dossier)] == [
        ("pass", "")
    ] * 2
