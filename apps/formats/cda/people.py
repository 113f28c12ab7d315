"""People, devices and organisations of a CDA header (DMP-22..25, DMP-82..86)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from apps.formats.cda.times import CdaTime
from apps.formats.cda.values import CodedValue, Identifier

# Civilities and titles as the CI-SIS writes them (DMP-85), in their usual spelling
_TITLES = {"DR": "Dr", "PR": "Pr", "M": "M.", "MME": "Mme"}
NamePartKind = Literal["family", "given", "prefix", "suffix", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePart:
    """One part of a name with its qualifiers: BR at birth, CL as called, SP of the spouse (DMP-84)."""

    kind: NamePartKind
    text: str
    qualifiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName:
    """A name in the order of the document; the properties choose the parts of DMP-84."""

    parts: tuple[NamePart, ...]

    @property
    def used_family(self) -> str | None:
        return self._first("family", "CL", "SP", None, "BR")

    @property
    def birth_family(self) -> str | None:
        return self._first("family", "BR", None)

    @property
    def used_given(self) -> str | None:
        return self._first("given", "CL", "BR") or self._plain_given()

    @property
    def birth_given(self) -> str | None:
        """First given name of the birth certificate: qualified BR, else the first word of the unqualified part."""
        return self._first("given", "BR") or (self._plain_given() or "").partition(" ")[0] or None

    @property
    def birth_givens(self) -> str | None:
        """All given names of the birth certificate in one string."""
        return self._plain_given() or self._first("given", "BR")

    @property
    def display(self) -> str:
        """Family name then given name, each once: `PAT-TROIS DOMINIQUE`."""
        chosen = (self.used_family, self.used_given)
        return " ".join(part for part in chosen if part) or self.as_written

    @property
    def professional_display(self) -> str:
        """Title, given name, family name: `Dr Marcel CAMPARINI`; the civility only when there is no title."""
        titles = self._texts("suffix") or self._texts("prefix")
        chosen = (*(_TITLES.get(title.upper(), title) for title in titles), self.used_given, self.used_family)
        return " ".join(part for part in chosen if part) or self.as_written

    @property
    def as_written(self) -> str:
        return " ".join(part.text for part in self.parts)

    def _texts(self, kind: NamePartKind) -> list[str]:
        return [part.text for part in self.parts if part.kind == kind]

    def _plain_given(self) -> str | None:
        plain = [part.text for part in self.parts if part.kind == "given" and not part.qualifiers & {"BR", "CL"}]
        return " ".join(plain) or None

    def _first(self, kind: NamePartKind, *wanted: str | None) -> str | None:
        for qualifier in wanted:
            for part in self.parts:
                if part.kind == kind and (qualifier in part.qualifiers if qualifier else not part.qualifiers):
                    return part.text
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation; `setting` is its standardIndustryClassCode (DMP-18)."""

    identifiers: tuple[Identifier, ...]
    name: str | None
    setting: CodedValue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """Authoring software (DMP-24)."""

    software: str | None
    model: str | None

    @property
    def display(self) -> str | None:
        return self.software or self.model


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person, or a role without a known person, acting for an organisation; `code` is profession or role (DMP-85)."""

    identifiers: tuple[Identifier, ...]
    code: CodedValue | None
    name: PersonName | None
    organisation: Organisation | None

    @property
    def professional_number(self) -> str | None:
        """The RPPS (or other national) number without its prefix digit."""
        return next((item.national_number for item in self.identifiers if item.national_number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who or what wrote the document: a person, a device, or both (DMP-24)."""

    at: CdaTime | None
    function: CodedValue | None
    party: Party
    device: Device | None

    @property
    def has_identity(self) -> bool:
        return self.party.name is not None or (self.device is not None and self.device.display is not None)

    @property
    def is_patient(self) -> bool:
        """The holder wrote it: the author bears an INS (DMP-25)."""
        return any(item.is_ins for item in self.party.identifiers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Another person of the header: informant (ECON, NOK), referrer (REF), performer (PRF), family doctor (INF) …"""

    kind: str | None
    function: CodedValue | None
    period_end: CdaTime | None
    party: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """The person the document is about; `sex` is the HL7 code F, M, UN."""

    identifiers: tuple[Identifier, ...]
    name: PersonName | None
    sex: CodedValue | None
    born: CdaTime | None

    @property
    def ins(self) -> tuple[Identifier, ...]:
        return tuple(item for item in self.identifiers if item.is_ins)
