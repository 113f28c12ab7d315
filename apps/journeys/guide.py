"""Public explanations (P-02) and help (P-03): addresses, titles, themes; texts are templates, one a language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from django.db.models import TextChoices
from django.template.loader import render_to_string, select_template
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.common.text import fold

FALLBACK_LANGUAGE = "fr"
LONGEST_QUESTION = 100  # characters (SEC-32)


class AboutPage(TextChoices):
    """Value = last part of the address and name of the template, in the order of the summary."""

    CONTENTS = "contenus", _("What you find in it")
    WHO = "qui-voit-quoi", _("Who sees what")
    RIGHTS = "vos-droits", _("Your rights")
    FAMILY = "enfants-et-proches", _("Children and relatives")
    EMERGENCY = "urgence", _("In an emergency")
    PROFESSIONALS = "professionnels", _("Health professionals")
    SECURITY = "securite", _("How your data are protected")


class Theme(TextChoices):
    """Themes of the help, in their order on the page."""

    SIGN_IN = "connexion", _("Signing in")
    DOCUMENTS = "documents", _("Documents")
    ACCESS = "acces", _("Who sees my data")
    RELATIVES = "proches", _("Children and relatives")
    SPACE = "espace", _("Opening, refusing, closing")
    SAFETY = "securite", _("Safety and fraud")


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpArticle:
    """One answer; `slug` is the last part of its address and the name of its template."""

    slug: str
    title: Promise
    theme: Theme
    is_frequent: bool = False


ARTICLES = (
    HelpArticle(slug="se-connecter", title=_("How do I sign in?"), theme=Theme.SIGN_IN, is_frequent=True),
    HelpArticle(slug="aucun-espace", title=_("I am signed in but find no space"), theme=Theme.SIGN_IN),
    HelpArticle(slug="identite-fausse", title=_("My personal details are wrong"), theme=Theme.SIGN_IN),
    HelpArticle(slug="cle-d-acces", title=_("What is a passkey?"), theme=Theme.SIGN_IN),
    HelpArticle(slug="document-absent", title=_("I do not find a document"), theme=Theme.DOCUMENTS, is_frequent=True),
    HelpArticle(slug="document-errone", title=_("A document is wrong or not mine"), theme=Theme.DOCUMENTS),
    HelpArticle(slug="lire-un-document", title=_("A document cannot be shown"), theme=Theme.DOCUMENTS),
    HelpArticle(slug="masquer", title=_("How do I hide a document?"), theme=Theme.ACCESS, is_frequent=True),
    HelpArticle(
        slug="acces-inconnu", title=_("I do not know who looked at my data"), theme=Theme.ACCESS, is_frequent=True
    ),
    HelpArticle(slug="bloquer", title=_("How do I block a professional?"), theme=Theme.ACCESS),
    HelpArticle(slug="enfant", title=_("My child's space"), theme=Theme.RELATIVES),
    HelpArticle(slug="aidant", title=_("Being helped by a relative"), theme=Theme.RELATIVES),
    HelpArticle(slug="deces", title=_("A relative has died"), theme=Theme.RELATIVES),
    HelpArticle(slug="refuser", title=_("How do I refuse a space?"), theme=Theme.SPACE, is_frequent=True),
    HelpArticle(slug="clore", title=_("How do I close my space?"), theme=Theme.SPACE),
    HelpArticle(slug="fraude", title=_("I received a strange message"), theme=Theme.SAFETY),
    HelpArticle(slug="ordinateur-partage", title=_("I use a shared computer"), theme=Theme.SAFETY),
)
BY_SLUG = {article.slug: article for article in ARTICLES}


class AboutPageConverter:
    """Part of an address that is one of the pages, so that no other address is caught."""

    regex = "|".join(AboutPage.values)

    def to_python(self, value: str) -> AboutPage:
        return AboutPage(value)

    def to_url(self, value: str) -> str:
        return AboutPage(value).value


def template_of(folder: str, name: str) -> str:
    """Path of the text in the language of the request, else in French."""
    languages = (get_language() or FALLBACK_LANGUAGE, FALLBACK_LANGUAGE)
    found = select_template([f"journeys/{folder}/{language}/{name}.html" for language in languages])
    return str(found.template.name)


def search(question: str) -> list[HelpArticle]:
    """Articles that hold all words of the question, accents and capitals aside; those with them in the title first."""
    words = fold(question[:LONGEST_QUESTION]).lower().split()
    if not words:
        return []
    found = [article for article in ARTICLES if _holds(_text_of(article.slug, get_language()), words)]
    return sorted(found, key=lambda article: not _holds(_plain(str(article.title)), words))


def _holds(text: str, words: list[str]) -> bool:
    return all(_stem(word) in text for word in words)


def _stem(word: str) -> str:
    """A plural finds the singular."""
    return word.rstrip("sx") if len(word) > len("aux") else word


@cache
def _text_of(slug: str, _language: str | None) -> str:
    article = BY_SLUG[slug]
    body = strip_tags(render_to_string(template_of("help", slug)))
    return _plain(f"{article.title} {article.theme.label} {body}")


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", fold(text).lower())
