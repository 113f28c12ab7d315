"""Pages S-01, S-06, S-13."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse


def text_of(answer) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode().replace("&#x27;", "'").replace("\u202f", " "))
    return re.sub(r"\s+", " ", plain)


def test_s_01_shows_the_one_way_that_exists(client, db):
    answer = client.get(reverse("accounts:sign_in"))

    html, text = answer.content.decode(), text_of(answer)
    assert "<title>Se connecter – Espace santé</title>" in html
    assert "Patients et proches" in text
    assert "Pour vous, votre enfant ou une personne que vous aidez." in text
    assert f'<form method="post" action="{reverse("accounts:fc_start")}">' in html
    assert "Professionnels" not in text
    assert "Nous ne demandons jamais votre mot de passe ni un code par mail ou par téléphone." in text


def test_s_01_has_no_dead_link(client, db):
    html = client.get(reverse("accounts:sign_in")).content.decode()

    assert not re.search(r'href="#"', html)


def test_s_01_keeps_next_only_within_the_site(client, db):
    own = client.get(reverse("accounts:sign_in"), {"next": "/plan-du-site/"}).content.decode()
    foreign = client.get(reverse("accounts:sign_in"), {"next": "https://evil.example/"}).content.decode()

    assert 'name="next" value="/plan-du-site/"' in own
    assert 'name="next"' not in foreign


def test_s_13_speaks_to_people_at_shared_computers(client, db):
    text = text_of(client.get(reverse("accounts:signed_out"), {"state": "abc"}))

    assert "Vous êtes déconnecté" in text
    assert "Fermez toutes les fenêtres du navigateur." in text


def test_s_06_gives_a_way_forward_in_case_of_doubt(client, db):
    text = text_of(client.get(reverse("accounts:sign_in_help")))

    assert "Il y a trois raisons habituelles" in text
    assert "adressez-vous au guichet de votre caisse d'assurance maladie" in text
    assert "Appelez" in text


@pytest.mark.parametrize("name", ["sign_in", "signed_out", "sign_in_help"])
def test_pages_have_one_heading_and_are_french(client, db, name):
    html = client.get(reverse(f"accounts:{name}")).content.decode()

    assert html.count("<h1") == 1
    assert '<html lang="fr"' in html
