"""What a publisher fills in beside the words of an answer: the values that checks and readers need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FieldKind(StrEnum):
    TEXT = "text"
    LONG = "long"
    URL = "url"
    LINES = "lines"  # one value a line: addresses or host names
    DATE = "date"
    NUMBER = "number"
    EMAIL = "email"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of `Answer.data`. `is_compulsory`: without it the answer is not complete."""

    name: str
    label: str | Promise
    kind: FieldKind = FieldKind.TEXT
    is_compulsory: bool = True
    choices: tuple[str, ...] = ()
    help: str | Promise = ""


def _url(label: str | Promise, name: str = "url", *, compulsory: bool = True) -> Field:
    return Field(name=name, label=label, kind=FieldKind.URL, is_compulsory=compulsory)


def _hosts(label: str | Promise) -> Field:
    return Field(name="hosts", label=label, kind=FieldKind.LINES, help=_("One name a line, without https://."))


FIELDS: Mapping[str, tuple[Field, ...]] = {
    "CRI-ELI-02": (_url(_("Address of the service")),),
    "CRI-LEG-01": (
        Field(name="siren", label=_("SIREN number"), help=_("Nine digits.")),
        Field(name="siret", label=_("SIRET number of the establishment that signs"), help=_("Fourteen digits.")),
    ),
    "CRI-LEG-03": (Field(name="finess", label=_("FINESS number"), help=_("Nine characters.")),),
    "CRI-LEG-04": (_url(_("Address of the legal notice")),),
    "CRI-LEG-05": (
        _url(_("Address of the terms of use")),
        Field(name="version_on", label=_("Date of the version"), kind=FieldKind.DATE),
    ),
    "CRI-RGP-01": (_url(_("Address of the privacy policy")),),
    "CRI-RGP-02": (
        Field(name="dpo_name", label=_("Name of the data-protection officer")),
        Field(name="dpo_email", label=_("E-mail of the data-protection officer"), kind=FieldKind.EMAIL),
        Field(name="dpo_number", label=_("Number of the designation at the CNIL"), is_compulsory=False),
    ),
    "CRI-RGP-06": (_url(_("Address of the first page that users see")),),
    "CRI-URB-01": (
        Field(name="host_name", label=_("Name of the certified host")),
        Field(name="certificate", label=_("Number of the certificate")),
        Field(
            name="activities",
            label=_("Activities used"),
            kind=FieldKind.CHOICES,
            choices=("1", "2", "3", "4", "5", "6"),
        ),
        Field(name="ends_on", label=_("End of the certificate"), kind=FieldKind.DATE),
    ),
    "CRI-INT-02": (
        Field(name="uris", label=_("Redirect addresses"), kind=FieldKind.LINES, help=_("One address a line.")),
    ),
    "CRI-INT-05": (
        _url(_("Base address of the FHIR server")),
        Field(
            name="resources",
            label=_("Resources that you announce"),
            kind=FieldKind.LINES,
            help=_("One a line: Observation, DocumentReference…"),
            is_compulsory=False,
        ),
    ),
    "CRI-INT-07": (_url(_("Issuer")),),
    "CRI-SEC-01": (_hosts(_("Host names of the service and its interfaces")),),
    "CRI-SEC-02": (_hosts(_("Host names of the website")),),
    "CRI-SEC-03": (_url(_("Address of a page of the service")),),
    "CRI-SEC-04": (Field(name="host", label=_("Host name"), help=_("Without https://.")),),
    "CRI-SEC-05": (Field(name="tested_on", label=_("Date of the penetration test"), kind=FieldKind.DATE),),
    "CRI-ACC-01": (
        _url(_("Address of the accessibility statement")),
        Field(name="rate", label=_("Rate of conformity, in percent"), kind=FieldKind.NUMBER),
        Field(name="audited_on", label=_("Date of the audit"), kind=FieldKind.DATE),
    ),
    "CRI-ACC-02": (_url(_("Address of the page where the main journey begins"), compulsory=False),),
    "CRI-FIC-03": (
        Field(name="contact_email", label=_("Public contact e-mail"), kind=FieldKind.EMAIL),
        Field(name="technical_email", label=_("E-mail of the technical contact"), kind=FieldKind.EMAIL),
    ),
    "CRI-FIC-04": (
        _url(_("Address of the website"), "web_url", compulsory=False),
        _url(_("Address in the App Store"), "app_store_url", compulsory=False),
        _url(_("Address in Google Play"), "play_store_url", compulsory=False),
    ),
}


def fields_of(code: str) -> tuple[Field, ...]:
    """Fields of a criterion, none for those that are answered in words alone."""
    return FIELDS.get(code, ())
