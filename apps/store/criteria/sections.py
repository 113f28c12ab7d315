"""Sections of a dossier, one page each (PU-04, PU-05); a criterion stands in one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.store.criteria.referential import Criterion

_EXCHANGE_CODES = ("CRI-ELI-03", "CRI-ELI-04", "CRI-RGP-07", "CRI-RGP-08")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`slug` stands in the address. Criteria by family, single ones by code first."""

    slug: str
    label: str | Promise
    families: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


SECTIONS = (
    Section(slug="service", label=_("The service"), families=("eligibilite", "dispositif_medical", "durabilite")),
    Section(slug="fiche", label=_("Public page"), families=("fiche",)),
    Section(slug="cadre-legal", label=_("Legal framework"), families=("legalite",)),
    Section(slug="donnees-personnelles", label=_("Personal data"), families=("rgpd",)),
    Section(slug="hebergement", label=_("Hosting and identities"), families=("urbanisation", "identite")),
    Section(slug="securite", label=_("Security"), families=("securite", "securite_echange")),
    Section(slug="interoperabilite", label=_("Interoperability"), families=("interoperabilite",)),
    Section(slug="ethique", label=_("Ethics"), families=("ethique",)),
    Section(slug="accessibilite", label=_("Accessibility"), families=("accessibilite",)),
    Section(slug="donnees-demandees", label=_("Data asked for"), codes=_EXCHANGE_CODES),
)


def section_of(criterion: Criterion) -> Section:
    """The section of a criterion. Raises `StopIteration` for a family that no section takes, which a test excludes."""
    named = next((section for section in SECTIONS if criterion.code in section.codes), None)
    return named or next(section for section in SECTIONS if criterion.family in section.families)


def in_section(criteria: Iterable[Criterion], slug: str) -> tuple[Criterion, ...]:
    """Those of one section, in their order."""
    return tuple(criterion for criterion in criteria if section_of(criterion).slug == slug)
