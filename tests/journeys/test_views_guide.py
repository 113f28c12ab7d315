"""Explanations (P-02), help (P-03) and the state of the service (OK-01)."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.urls import reverse

from apps.journeys import service_state
from apps.journeys.guide import ARTICLES, LONGEST_QUESTION, AboutPage, Theme, search

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget_the_state():
    service_state._looked_at.cache_clear()


def text_of(response) -> str:
    return response.content.decode().replace("&#x27;", "'")


def slugs(question: str) -> list[str]:
    return [article.slug for article in search(question)]


class TestAbout:
    def test_p_02_the_summary_leads_to_every_page(self, client):
        html = text_of(client.get("/comprendre/"))

        assert "<h1>Comprendre l'espace de santé</h1>" in html
        assert re.findall(r'class="fr-link" href="(/comprendre/[a-z-]+/)"', html) == [
            "/comprendre/contenus/",
            "/comprendre/qui-voit-quoi/",
            "/comprendre/vos-droits/",
            "/comprendre/enfants-et-proches/",
            "/comprendre/urgence/",
            "/comprendre/professionnels/",
            "/comprendre/securite/",
        ]

    @pytest.mark.parametrize("page", list(AboutPage))
    def test_p_02_each_page_has_its_title_and_marks_itself_in_the_summary(self, client, page):
        response = client.get(reverse("journeys:about_page", args=[page]))
        html = text_of(response)

        assert response.status_code == 200
        assert f"<h1>{page.label}</h1>" in html
        assert html.count('aria-current="page"') >= 1
        assert response["X-Robots-Tag"] == "all"

    def test_p_02_unknown_page_is_404(self, client):
        assert client.get("/comprendre/autre/").status_code == 404

    def test_spa_03_rights_say_six_weeks_from_the_sending(self, client):
        assert "Vous avez six semaines, comptées à partir de l'envoi" in text_of(client.get("/comprendre/vos-droits/"))

    def test_spa_38_nobody_may_ask_for_it(self, client):
        html = text_of(client.get("/comprendre/vos-droits/"))
        assert "Aucun assureur, employeur ou autre contrat ne peut vous demander" in html

    def test_acc_20_three_choices_with_their_start(self, client):
        html = text_of(client.get("/comprendre/urgence/"))
        assert html.count("Permis au départ.") == 2
        assert html.count("Refusé au départ.") == 1

    def test_spa_52_three_helpers_and_five_people_helped(self, client):
        html = text_of(client.get("/comprendre/enfants-et-proches/"))
        assert "jusqu'à trois aidants, pour douze mois au plus" in html
        assert "Un aidant peut aider cinq personnes au plus" in html


class TestHelp:
    def test_p_03_phone_first_then_search_five_questions_and_six_themes(self, client):
        html = text_of(client.get("/aide/"))

        assert html.index("tel:") < html.index('name="question"') < html.index("Questions fréquentes")
        frequent = html[html.index("Questions fréquentes") : html.index(f'id="theme-{Theme.SIGN_IN.value}"')]
        assert frequent.count("<li>") == 5
        assert [html.count(f'id="theme-{theme.value}"') for theme in Theme] == [1] * 6

    @pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.slug)
    def test_p_03_each_article_opens_and_leads_to_its_neighbours(self, client, article):
        response = client.get(reverse("journeys:help_article", args=[article.slug]))

        assert response.status_code == 200
        assert f"<h1>{article.title}</h1>" in text_of(response)
        assert "Sur le même sujet" in text_of(response)

    def test_unknown_article_is_404(self, client):
        assert client.get("/aide/inconnu/").status_code == 404

    def test_search_answers_and_says_how_many(self, client):
        html = text_of(client.post("/aide/", {"question": "virus"}))

        assert "1 réponse pour" in html
        assert "/aide/lire-un-document/" in html

    def test_search_without_answer_says_what_to_try(self, client):
        html = text_of(client.post("/aide/", {"question": "xylophone"}))

        assert "Aucune réponse pour" in html
        assert "Essayez un mot plus court" in html

    def test_sec_22_the_words_stand_in_no_address(self, client):
        response = client.post("/aide/", {"question": "cancer"})

        assert response.status_code == 200
        assert "cancer" not in "".join(str(value) for _name, value in response.items())
        assert 'method="post"' in text_of(client.get("/aide/"))
        assert "cancer" not in text_of(client.get("/aide/", {"question": "cancer"}))

    def test_sec_07_words_are_escaped(self, client):
        html = client.post("/aide/", {"question": "<script>alert(1)</script>"}).content.decode()

        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html

    def test_sec_32_a_long_question_is_cut(self, client):
        html = text_of(client.post("/aide/", {"question": "a" * 5000}))

        assert f'value="{"a" * LONGEST_QUESTION}"' in html
        assert "a" * (LONGEST_QUESTION + 1) not in html


class TestSearch:
    def test_accents_capitals_and_plurals_do_not_matter(self):
        assert slugs("CLE D'ACCÈS")[0] == "cle-d-acces"
        assert "bloquer" in slugs("professionnels")
        assert slugs("decede") == slugs("décédé")

    def test_all_words_are_wanted(self):
        assert slugs("virus xylophone") == []

    def test_titles_come_first(self):
        assert slugs("masquer")[0] == "masquer"

    def test_nothing_asked_finds_nothing(self):
        assert search("  ") == []


class TestStatus:
    def test_ok_01_everything_works(self, client):
        with time_machine.travel("2026-11-25T09:40:12+01:00", tick=False):
            html = text_of(client.get("/etat/"))

        assert "Tout fonctionne." in html
        assert "Vérifié aujourd'hui à 9\u00a0h\u00a040." in html
        assert "Ce que cela change pour vous" not in html

    def test_ok_01_says_which_part_is_away_and_what_still_works(self, client, settings):
        settings.BROKER_URL = "redis://127.0.0.1:1/0"

        response = client.get("/etat/")
        html = text_of(response)

        assert response.status_code == 200
        assert "Une partie du service ne répond pas." in html
        assert "en retard. Rien n'est perdu" in html
        assert "Lire et modifier votre espace\u00a0: fonctionne" in html

    def test_the_footer_leads_there(self, client):
        assert 'href="/etat/"' in text_of(client.get("/"))
