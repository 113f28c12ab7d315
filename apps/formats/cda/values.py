"""Small values of the header: codes, identifiers, periods."""

from __future__ import annotations

from dataclasses import dataclass

from apps.formats.cda.times import CdaTime

INS_ROOTS = {  # DMP-82: NIR, NIA, NIR of tests, NIR of demonstrations
    "1.2.250.1.213.1.4.8": "NIR",
    "1.2.250.1.213.1.4.9": "NIA",
    "1.2.250.1.213.1.4.10": "NIR-TEST",
    "1.2.250.1.213.1.4.11": "NIR-DEMO",
}
PROFESSIONAL_ROOT = "1.2.250.1.71.4.2.1"  # PS_IdNat (DMP-23)
ORGANISATION_ROOT = "1.2.250.1.71.4.2.2"  # Struct_IdNat (DMP-23)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedValue:
    """A code with its system (OID) and the label that the document gives."""

    code: str | None
    system: str | None
    display: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """An HL7 instance identifier; `text` is the form of DMP-01: `root` or `root^extension`."""

    root: str
    extension: str | None

    @property
    def text(self) -> str:
        return self.root if self.extension is None else f"{self.root}^{self.extension}"

    @property
    def is_ins(self) -> bool:
        return self.root in INS_ROOTS and self.extension is not None

    @property
    def national_number(self) -> str | None:
        """RPPS, FINESS or SIRET without the digit that says which of them it is (DMP-23)."""
        if self.root not in {PROFESSIONAL_ROOT, ORGANISATION_ROOT} or not self.extension:
            return None
        return self.extension[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time interval; a single moment is `start` alone."""

    start: CdaTime | None
    stop: CdaTime | None
