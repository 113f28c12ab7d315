"""A report of a laboratory as a CDA document of level 3, with its PDF inside; the same day gives the same bytes."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from string import Template
from uuid import NAMESPACE_URL, UUID, uuid5

from simulators.mssante_operator.patients import Patient
from simulators.mssante_operator.samples.pdf import write_pdf

HERE = Path(__file__).parent
PROFESSIONAL = (
    '<id root="1.2.250.1.71.4.2.1" extension="810990001033"/>'
    '<code code="G15_10/SM03" displayName="Médecin - Biologie médicale (SM)" codeSystem="1.2.250.1.213.1.1.4.5"/>'
)
ORGANISATION = (
    '<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="1449901016"/>'
    "<name>Laboratoire des Rives</name></representedOrganization>"
)
REPLACES = (
    '<relatedDocument typeCode="RPLC"><parentDocument><id root="{unique_id}"/></parentDocument></relatedDocument>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the report: LOINC code, French label, value, unit, range, N, L or H."""

    code: str
    label: str
    value: str
    unit: str
    low: str
    high: str
    reading: str = "N"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report about one patient; version 2 of the same day replaces version 1."""

    patient: Patient
    day: date
    version: int = 1

    @property
    def unique_id(self) -> str:
        return oid(self._name(self.version))

    @property
    def entry_id(self) -> str:
        """In the metadata of a package."""
        return f"urn:uuid:{_uuid(self._name(self.version))}"

    @property
    def before(self) -> Report | None:
        """The version that this one replaces."""
        return Report(patient=self.patient, day=self.day, version=self.version - 1) if self.version > 1 else None

    @property
    def title(self) -> str:
        return "Analyses de sang" if self.version == 1 else "Analyses de sang, résultats corrigés"

    def results(self) -> list[Result]:
        """Potassium is what the correction corrects."""
        potassium = ("5.9", "H") if self.version == 1 else ("4.1", "N")
        return [
            Result(code="14749-6", label="Glucose", value="5.1", unit="mmol/L", low="4.1", high="6.1"),
            Result(code="2823-3", label="Potassium", value=potassium[0], unit="mmol/L", low="3.5", high="5.1",
                   reading=potassium[1]),
            Result(code="14682-9", label="Créatinine", value="71", unit="umol/L", low="45", high="84"),
        ]  # fmt: skip

    def pdf(self) -> bytes:
        """The copy for people."""
        head = [self.title, "Laboratoire des Rives, Dr Hugo PERRIN", f"Prélèvement du {self.day:%d/%m/%Y}", ""]
        return write_pdf([*head, *(f"{one.label} : {_french(one.value)} {one.unit}" for one in self.results())])

    def cda(self) -> bytes:
        """The document itself."""
        one = self.patient
        day = f"{self.day:%Y%m%d}"
        values = {
            "unique_id": self.unique_id, "set_id": oid(self._name(0)), "title": escape(self.title), "day": day,
            "version": str(self.version), "authority": escape(one.authority), "number": escape(one.number),
            "family": escape(one.family), "given": escape(one.given), "first_given": escape(one.given.split(" ")[0]),
            "sex": escape(one.sex), "born": escape(one.born), "professional": PROFESSIONAL,
            "organisation": ORGANISATION, "rows": "".join(map(_row, self.results())),
            "replaces": REPLACES.format(unique_id=self.before.unique_id) if self.before else "",
            "observations": "".join(_observation(result, day) for result in self.results()),
            "copy": base64.b64encode(self.pdf()).decode("ascii"),
        }  # fmt: skip
        return _template("laboratory.xml").substitute(values).encode()

    def _name(self, version: int) -> str:
        return f"{self.patient.number}/{self.day:%Y%m%d}/laboratory/{version}"


def oid(name: str) -> str:
    """An identifier that needs no register (2.25), the same for the same name."""
    return f"2.25.{_uuid(name).int}"


def _uuid(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"urn:mssante-operator:{name}")


def _template(name: str) -> Template:
    return Template((HERE / name).read_text(encoding="utf-8"))


def _row(result: Result) -> str:
    value = f"{_french(result.value)} {result.unit}"
    spread = f"{_french(result.low)} à {_french(result.high)}"
    return f"<tr><td>{escape(result.label)}</td><td>{value}</td><td>{spread}</td></tr>"


def _observation(result: Result, day: str) -> str:
    values = {"code": result.code, "label": escape(result.label), "value": result.value, "unit": result.unit}
    more = {"low": result.low, "high": result.high, "reading": result.reading, "day": day}
    return _template("observation.xml").substitute(values | more)


def _french(number: str) -> str:
    return number.replace(".", ",")
