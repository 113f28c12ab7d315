"""The provider's pages: plain, accessible HTML without script, in French."""

from __future__ import annotations

from html import escape
from pathlib import Path

from simulators.franceconnect.behaviours import LABELS
from simulators.franceconnect.config import Config
from simulators.franceconnect.memory import Start
from simulators.franceconnect.people import Person
from simulators.franceconnect.web import Answer

STYLE = Path(__file__).with_name("style.css")
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"

PAGE = """<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – FranceConnect simulé</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
<p><strong>FranceConnect simulé</strong>. Toutes ces personnes sont inventées. N'entrez rien de réel.</p>
</header>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""

CHOICE = """<p>Niveau de garantie demandé : <strong>{level}</strong>.{again}</p>
<form method="post" action="">
<input type="hidden" name="start" value="{start}">
<fieldset>
<legend>Qui se connecte ?</legend>
{people}
</fieldset>
<p><label for="behaviour">Comportement du fournisseur</label>
<select id="behaviour" name="behaviour">
{behaviours}
</select></p>
<p><button type="submit">Se connecter</button></p>
</form>
<form method="post" action="">
<input type="hidden" name="start" value="{start}">
<p><button type="submit" name="behaviour" value="cancelled">Annuler et revenir au service</button></p>
</form>
<details>
<summary>Une autre personne</summary>
<form method="post" action="">
<input type="hidden" name="start" value="{start}">
<input type="hidden" name="typed" value="1">
{fields}
<p><button type="submit">Se connecter avec cette identité</button></p>
</form>
</details>"""

FIELDS = (
    ("family_name", "Nom de naissance", ""),
    ("given_name", "Prénoms de naissance, séparés par des espaces", ""),
    ("birthdate", "Date de naissance (AAAA-MM-JJ, 01 pour un jour ou un mois inconnu)", ""),
    ("gender", "Sexe (« female » ou « male »)", "female"),
    ("birthplace", "Lieu de naissance (code COG, vide si né à l'étranger)", ""),
    ("birthcountry", "Pays de naissance (code INSEE, France : 99100)", "99100"),
)


def choice_page(start_key: str, people: list[Person], start: Start) -> Answer:
    """People, behaviours, and the form for another person."""
    key = escape(start_key, quote=True)
    body = CHOICE.format(
        level=escape(start.acr),
        again=" Le service demande de vous identifier à nouveau." if start.asks_again else "",
        start=key,
        people="\n".join(_radio(number, person) for number, person in enumerate(people)),
        behaviours="\n".join(f'<option value="{value}">{escape(label)}</option>' for value, label in LABELS.items()),
        fields="\n".join(_field(*field) for field in FIELDS),
    )
    return _page("Choisir une personne", body)


def error_page(text: str, status: int) -> Answer:
    """What cannot go back to the portal is said here."""
    return _page("La connexion ne peut pas continuer", f"<p>{escape(text)}</p>", status)


def home_page(config: Config) -> Answer:
    """For somebody who opens the provider by itself."""
    issuer = f"<p>Émetteur : <code>{escape(config.issuer)}</code>.</p>"
    hint = "<p>Ouvrez la page de connexion du portail pour l'essayer.</p>"
    return _page("Fournisseur d'identité de démonstration", issuer + hint)


def stylesheet() -> Answer:
    """The one file beside the pages."""
    return Answer(body=STYLE.read_bytes(), media_type="text/css; charset=utf-8")


def _page(title: str, body: str, status: int = 200) -> Answer:
    html = PAGE.format(title=escape(title), body=body)
    return Answer(status=status, body=html.encode(), headers={"Content-Security-Policy": POLICY})


def _radio(number: int, person: Person) -> str:
    checked = " checked" if number == 0 else ""
    name = person.label or f"{person.given_name} {person.family_name}".strip()
    note = f'<span class="note">{escape(person.note)}</span>' if person.note else ""
    return (
        f'<p><input type="radio" id="p{number}" name="sub" value="{escape(person.sub, quote=True)}"{checked}>'
        f'<label for="p{number}">{escape(name)}{note}</label></p>'
    )


def _field(name: str, label: str, value: str) -> str:
    return (
        f'<p><label for="f-{name}">{escape(label)}</label>'
        f'<input id="f-{name}" name="{name}" value="{value}" autocomplete="off"></p>'
    )
