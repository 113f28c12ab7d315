"""Files of older software: a fax as TIFF, a letter as RTF, a booklet of many pages."""

from __future__ import annotations

import unicodedata
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

_FAX = (1240, 1754)  # A4 at 150 points an inch
_LEFT, _TOP, _LINE = 120, 120, 44
_EXERCISES = (
    "Flexion et extension de la cheville", "Cercles du pied", "Appui sur un pied", "Montée sur la pointe des pieds",
    "Marche sur les talons", "Étirement du mollet", "Serviette sous le pied", "Pas de côté", "Petite fente avant",
    "Équilibre, yeux fermés",
)  # fmt: skip
PAGES = 30


def fax(text: str) -> bytes:
    """Black and white pages as a fax machine makes them, one for each part before a form feed; TIFF, Group 4."""
    pages = [_fax_page(page) for page in text.split("\f")]
    out = BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="group4", dpi=(150, 150))
    return out.getvalue()


def letter(text: str) -> bytes:
    """The text as RTF in one font, its first line in bold."""
    first, *rest = text.splitlines()
    body = "".join(rf"{_escaped(line)}\par " for line in rest)
    return (
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\f0\fs22 " + rf"{{\b {_escaped(first)}}}\par {body}" + "}"
    ).encode("ascii")


def booklet(title: str) -> str:
    """Thirty pages of exercises: one line that names the page, then what to do, with form feeds between the pages."""
    return "\f".join(_booklet_page(title, number) for number in range(1, PAGES + 1))


def _booklet_page(title: str, number: int) -> str:
    if number == 1:
        warning = "Arrêtez en cas de douleur vive et appelez votre kinésithérapeute."
        return f"{title}\n\nUne page par jour pendant {PAGES} jours.\n{warning}"
    name = _EXERCISES[number % len(_EXERCISES)]
    series, times = 2 + number // 12, 6 + number // 3
    return (
        f"Jour {number} : {name}\n\n- {series} séries de {times} mouvements, lentement.\n"
        f"- Une minute de repos entre deux séries.\n- Glace dix minutes à la fin si la cheville gonfle.\n\n"
        "À noter : douleur de 0 à 10, avant et après."
    )


def _fax_page(text: str) -> Image.Image:
    page = Image.new("L", _FAX, 255)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(size=30)
    for number, line in enumerate(text.strip("\n").splitlines()):
        # the font that Pillow carries knows no accents, and neither do old fax machines
        plain = unicodedata.normalize("NFD", line).encode("ascii", "ignore").decode()
        pen.text((_LEFT, _TOP + number * _LINE), plain, fill=0, font=font)
    return page.convert("1")


def _escaped(line: str) -> str:
    plain = "".join("\\" + character if character in "\\{}" else character for character in line)
    return "".join(character if character.isascii() else rf"\u{ord(character)}?" for character in plain)
