"""Orientation questionnaire: a few questions decide which criteria apply to a service (STO-28)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

YES, NO = "yes", "no"
NONE, READ, WRITE, BOTH = "none", "read", "write", "read_write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; a yes lets the criteria of `tag` apply (column `applies_to` of the referential)."""

    name: str
    label: str | Promise
    help: str | Promise = ""

    @property
    def tag(self) -> str:
        return self.name


QUESTIONS = (
    Question(name="web", label=_("Is the service a website?")),
    Question(name="mobile", label=_("Is it an application for phones or tablets?")),
    Question(name="paid", label=_("Does the user pay for it, wholly or in part?")),
    Question(name="editorial", label=_("Does it publish medical or preventive contents?")),
    Question(name="minor", label=_("Can minors have an account?")),
    Question(
        name="health_data",
        label=_("Does it keep health data of its users?"),
        help=_("Measurements, treatments, documents, answers about health."),
    ),
    Question(name="health_facility", label=_("Is it run by a health or medico-social establishment?")),
    Question(name="identity_ins", label=_("Does it use the national health identity (INS)?")),
    Question(name="pro_users", label=_("Do health professionals use it as well?")),
    Question(name="teleconsultation", label=_("Does it offer teleconsultation?")),
    Question(name="ai", label=_("Does it rely on artificial intelligence?")),
    Question(name="md", label=_("Is it a medical device?")),
    Question(name="reimbursed", label=_("Is it reimbursed, or does it hold a certificate of conformity?")),
    Question(name="fhir_server", label=_("Does it have a FHIR server of its own?")),
    Question(name="oidc", label=_("Does it have an OpenID Connect or SMART server of its own?")),
    Question(name="exchange_measure", label=_("If it exchanges data: does it exchange health measurements?")),
)
NAMES = tuple(question.name for question in QUESTIONS)


def is_complete(answers: Mapping[str, object]) -> bool:
    """Whether every question has its yes or no."""
    return all(answers.get(name) in {YES, NO} for name in NAMES)


def tags(answers: Mapping[str, object], *, exchange: str) -> frozenset[str]:
    """Tags of criteria that apply; unanswered questions open none. `exchange`: code of STO-22."""
    found = {"all"} | {name for name in NAMES if answers.get(name) == YES}
    if exchange == NONE:
        return frozenset(found - {"exchange_measure"})
    found.add("exchange")
    if exchange in {WRITE, BOTH}:
        found.add("exchange_write")
    return frozenset(found)
