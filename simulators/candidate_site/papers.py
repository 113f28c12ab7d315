"""Legal pages and the accessibility statement of a site."""

from __future__ import annotations

from datetime import date, timedelta

from simulators.candidate_site.answers import Answer, page, text_of

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_FOUR_YEARS = timedelta(days=4 * 366)


def legal() -> dict[str, Answer]:
    """The three pages in order."""
    return {
        "/mentions-legales": page("Mentions légales", text_of("mentions.html")),
        "/cgu": page("Conditions générales d'utilisation", text_of("cgu.html")),
        "/confidentialite": page("Protection des données", text_of("confidentialite.html")),
    }


def english() -> Answer:
    """A privacy notice that most French people cannot read."""
    return page("Privacy notice", text_of("english.html"), lang="en")


def statement(host: str, today: date, *, rate: str, state: str = "partiellement") -> Answer:
    """Established two months ago."""
    result = f"L'audit révèle que {rate} % des critères du RGAA sont respectés."
    return _statement(host, today - timedelta(days=60), state, result if rate else "Aucun audit n'a été fait.")


def old_statement(host: str, today: date) -> Answer:
    """Good figures of four years ago."""
    result = "L'audit révèle que 91 % des critères du RGAA sont respectés."
    return _statement(host, today - _FOUR_YEARS, "partiellement", result)


def _statement(host: str, day: date, state: str, result: str) -> Answer:
    written = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    content = text_of("accessibilite.html", host=host, state=state, result=result, date=written)
    return page("Déclaration d'accessibilité", content)
