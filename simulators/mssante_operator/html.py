"""The frame of the pages, and small pieces of them; every value is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from simulators.mssante_operator.web import Answer

STYLE = Path(__file__).with_name("style.css")
PARIS = ZoneInfo("Europe/Paris")
PAGE = """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Opérateur MSSanté simulé</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
<p><strong>Opérateur MSSanté simulé</strong>. Ces professionnels sont inventés. N'entrez rien de réel.</p>
<nav aria-label="Pages"><ul>
<li><a href="/">Boîtes</a></li>
<li><a href="/exemples/">Envoyer un exemple</a></li>
<li><a href="/envois/">Envois</a></li>
</ul></nav>
</header>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def page(title: str, body: str, status: int = 200) -> Answer:
    """`body` is HTML, `title` text."""
    return Answer(status=status, body=PAGE.format(title=escape(title), body=body).encode())


def missing() -> Answer:
    """For an address that is none."""
    return page("Cette page n'existe pas", paragraph(link("/", "Boîtes")), 404)


def stylesheet() -> Answer:
    """The one file beside the pages."""
    return Answer(body=STYLE.read_bytes(), media_type="text/css; charset=utf-8")


def link(address: str, text: str) -> str:
    """To an address, both given as text."""
    return f'<a href="{escape(address, quote=True)}">{escape(text)}</a>'


def paragraph(inner: str) -> str:
    """`inner` is HTML."""
    return f"<p>{inner}</p>\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells are HTML, heads text."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    lines = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>\n"


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Names and values, both text; what is empty is left out."""
    return (
        "<dl>\n"
        + "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>\n" for name, text in pairs if text)
        + "</dl>\n"
    )


def field(name: str, label: str, value: str = "") -> str:
    """One line to fill in."""
    return (
        f'<p class="field"><label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" value="{escape(value, quote=True)}" autocomplete="off"></p>\n'
    )


def choice(name: str, label: str, options: Iterable[tuple[str, str]], chosen: str = "") -> str:
    """A list to choose from: values and texts."""
    rows = "".join(
        f'<option value="{escape(value, quote=True)}"{" selected" if value == chosen else ""}>{escape(text)}</option>\n'
        for value, text in options
    )
    return (
        f'<p class="field"><label for="{name}">{escape(label)}</label>'
        f'<select id="{name}" name="{name}">\n{rows}</select></p>\n'
    )


def tick(name: str, label: str) -> str:
    """A box to tick."""
    return (
        f'<p class="choice"><input type="checkbox" id="{name}" name="{name}" value="1">'
        f'<label for="{name}">{escape(label)}</label></p>\n'
    )


def form(inner: str, button: str, action: str = "") -> str:
    """A form with one button."""
    return (
        f'<form method="post" action="{escape(action, quote=True)}">\n{inner}'
        f'<p><button type="submit">{escape(button)}</button></p>\n</form>\n'
    )


def hour(at: datetime) -> str:
    """As people in Paris read it."""
    return f"{at.astimezone(PARIS):%d/%m/%Y %H:%M:%S}"
