"""Codes of what a line may have wrong; they stand in the report of an import and in `ImportIssue`."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Severity(TextChoices):
    """What the finding does to the line."""

    REFUSED = "refused", _("refused")
    WARNED = "warned", _("warned")


class Code(TextChoices):
    """Kinds of findings; the labels are the words of the report.

    The first twelve are the kinds of the truth column of the invented populations (decisions.md 31).
    """

    KEY = "CLE", _("The key does not fit the number.")
    LENGTH = "LONGUEUR", _("The number has not 13 characters, or the key has not two digits.")
    EMPTY_NAME = "NOM_VIDE", _("A birth name or a given name is missing.")
    DATE = "DATE", _("The date does not exist, lies in the future or is not written YYYY-MM-DD.")
    PLACE = "LIEU", _("The birth place is no COG code of five characters.")
    SEX = "SEXE", _("The sex is neither F, M nor I.")
    MAIL = "COURRIEL", _("The mail address cannot be used: the person is written to by post.")
    CASE = "CASSE", _("The name was not in plain capitals: it has been put into the form of the INS traits.")
    EXACT_DOUBLE = "DOUBLON_EXACT", _("The same line stands earlier in the file.")
    ADDRESS_DOUBLE = (
        "DOUBLON_ADRESSE",
        _("The same person stands earlier in the file with another address: the earlier line is kept."),
    )
    NIA_DOUBLE = (
        "DOUBLON_NIA",
        _("The same person is known under another number: joined to the NIR where that is certain, held otherwise."),
    )
    DATA_DOUBLE = (
        "DOUBLON_DONNEES",
        _("The same person stands earlier in the file with other data: the earlier line is kept."),
    )
    TRAITS_DOUBLE = "DOUBLON_TRAITS", _("The same number stands earlier in the file with other identity traits.")
    SYNTAX = "SYNTAXE", _("The number has not the form of an INS.")
    AUTHORITY = "AUTORITE", _("The authority of the number is not accepted here, or does not fit its nature.")
    LETTERS = "LETTRES", _("A name has characters that cannot be written in the INS traits.")
    FIRST_NAME = "PREMIER_PRENOM", _("The first given name does not begin the list of given names.")
    COLUMNS = "COLONNES", _("The line has not the number of columns of the header.")
    CHARACTER = "CARACTERE", _("The line has a character that may not stand in a text.")
    ENCODING = "ENCODAGE", _("The line is not UTF-8.")
    TOO_LONG = "TROP_LONG", _("The value is longer than the portal can keep.")
    SITUATION = "SITUATION", _("The situation or the protection measure is unknown.")
    REPRESENTATIVE = "REPRESENTANT", _("The representative cannot be used: number or capacity is wrong.")
    NO_REPRESENTATIVE = (
        "SANS_REPRESENTANT",
        _("No known representative: the fund has to find who stands for this minor."),
    )
    OTHER_VALUE = "VALEUR", _("The value is unknown and has been left out.")
    FORMER_NUMBER = "ANCIEN_MATRICULE", _("The number was replaced by another one.")
    TRAITS_CHANGED = "TRAITS", _("The identity traits differ from those known so far: they have been replaced.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong with one field of a line; `field` is a column title, empty for the whole line.

    `masked`: the shape of what stands there, `••/••/••••`, no letter and no digit of it (SEC-22).
    """

    field: str
    code: Code
    severity: Severity
    masked: str = ""


def refused(field: str, code: Code) -> Finding:
    """A finding that keeps the line out."""
    return Finding(field=field, code=code, severity=Severity.REFUSED)


def warned(field: str, code: Code) -> Finding:
    """A finding that lets the line in."""
    return Finding(field=field, code=code, severity=Severity.WARNED)
