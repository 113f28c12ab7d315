"""A small CDA document of our own, made from parts, for tests that run without any shared material."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass

PATIENT = """<recordTarget><patientRole>
<id root="1.2.250.1.213.1.4.10" extension="279035121518989"/><id root="1.2.3.4" extension="IPP-7"/>
<patient><name>
<family qualifier="BR">ROCHE</family><given>ANNE MARIE LOUISE</given><given qualifier="BR">ANNE</given>
<family qualifier="CL">DUVAL</family><given qualifier="CL">ANNE</given>
</name><administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19790328"/></patient>
</patientRole></recordTarget>"""
AUTHOR = """<author><time value="20260203101500+0100"/><assignedAuthor>
<id root="1.2.250.1.71.4.2.1" extension="810100000073"/>
<code code="G15_10/SM03" codeSystem="1.2.250.1.213.1.1.4.5" displayName="Biologiste"/>
<assignedPerson><name><prefix>M</prefix><given>Karim</given><family>BENALI</family><suffix>DR</suffix></name></assignedPerson>
<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="1750803447"/><name>Labo des Tilleuls</name>
<standardIndustryClassCode code="AMBULATOIRE" displayName="Ambulatoire"/></representedOrganization>
</assignedAuthor></author>"""
CUSTODIAN = """<custodian><assignedCustodian><representedCustodianOrganization>
<id root="1.2.250.1.71.4.2.2" extension="1750803447"/><name>Labo des Tilleuls</name>
</representedCustodianOrganization></assignedCustodian></custodian>"""
LEGAL = """<legalAuthenticator><time value="20260203102000+0100"/><signatureCode code="S"/><assignedEntity>
<id root="1.2.250.1.71.4.2.1" extension="810100000073"/>
<assignedPerson><name><given>Karim</given><family>BENALI</family><suffix>DR</suffix></name></assignedPerson>
</assignedEntity></legalAuthenticator>"""
EVENT = """<documentationOf><serviceEvent><code code="18719-5" displayName="Biochimie"/>
<effectiveTime><low value="202602030900+0100"/><high value="202602031000+0100"/></effectiveTime>
<performer typeCode="PRF"><assignedEntity><representedOrganization><name>Labo des Tilleuls</name>
<standardIndustryClassCode code="AMBULATOIRE" displayName="Ambulatoire"/></representedOrganization>
</assignedEntity></performer></serviceEvent></documentationOf>"""
ENCOUNTER = """<componentOf><encompassingEncounter><effectiveTime><low value="20260203"/></effectiveTime>
<location><healthCareFacility><code code="SA25" displayName="Laboratoire de biologie médicale"/></healthCareFacility>
</location></encompassingEncounter></componentOf>"""


@dataclass(frozen=True, kw_only=True)
class SmallCda:
    """Parts of the document; each can be replaced or left out with an empty string."""

    body: str = ""
    title: str = "<title>Compte rendu d'examens</title>"
    code: str = '<code code="11502-2" codeSystem="2.16.840.1.113883.6.1" displayName="CR de biologie"/>'
    time: str = '<effectiveTime value="20260203101500+0100"/>'
    language: str = '<languageCode code="fr-FR"/>'
    patient: str = PATIENT
    author: str = AUTHOR
    legal: str = LEGAL
    extra: str = EVENT + ENCOUNTER
    template: str = "1.2.250.1.213.1.1.1.55"
    prolog: str = '<?xml version="1.0" encoding="UTF-8"?>'

    def text(self) -> str:
        return (
            f'{self.prolog}<ClinicalDocument xmlns="urn:hl7-org:v3" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><realmCode code="FR"/>'
            '<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>'
            '<templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/>'
            f'<templateId root="{self.template}"/><id root="1.2.250.1.999" extension="A-1"/>'
            f"{self.code}{self.title}{self.time}"
            '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>'
            f'{self.language}<setId root="1.2.250.1.998" extension="S-1"/><versionNumber value="2"/>'
            f"{self.patient}{self.author}{CUSTODIAN}{self.legal}{self.extra}"
            '<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.250.1.999" extension="A-0"/>'
            f"</parentDocument></relatedDocument>{self.body}</ClinicalDocument>"
        )

    def data(self) -> bytes:
        return self.text().encode("utf-8")


def sections(*parts: str) -> str:
    inner = "".join(f"<component>{part}</component>" for part in parts)
    return f"<component><structuredBody>{inner}</structuredBody></component>"


def section(narrative: str, *, title: str = "Conclusion", entries: str = "") -> str:
    heading = f"<title>{title}</title>" if title else ""
    return f'<section><code code="55110-1"/>{heading}<text>{narrative}</text>{entries}</section>'


def payload(data: bytes, media_type: str = "application/pdf") -> str:
    written = base64.encodebytes(data).decode("ascii")
    return (
        f'<component><nonXMLBody><text mediaType="{media_type}" representation="B64">{written}</text>'
        "</nonXMLBody></component>"
    )


def media(identifier: str, data: bytes, media_type: str) -> str:
    written = base64.encodebytes(data).decode("ascii")
    return (
        f'<entry><observationMedia classCode="OBS" moodCode="EVN" ID="{identifier}">'
        f'<value mediaType="{media_type}" representation="B64">{written}</value></observationMedia></entry>'
    )


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """One laboratory observation."""

    value: str
    low: str | None = None
    high: str | None = None
    code: str | None = None
    unit: str = "g/L"
    range_unit: str = "g/L"
    name: str = "Ferritine"
    loinc: str = "2276-4"
    at: str = ""

    def entry(self) -> str:
        interpretation = f'<interpretationCode code="{self.code}"/>' if self.code else ""
        return (
            '<entry><act classCode="ACT" moodCode="EVN"><entryRelationship typeCode="COMP">'
            '<observation classCode="OBS" moodCode="EVN"><templateId root="1.3.6.1.4.1.19376.1.3.1.6"/>'
            f'<code code="{self.loinc}" codeSystem="2.16.840.1.113883.6.1" displayName="{self.name}"/>{self._time()}'
            f'<value xsi:type="PQ" value="{self.value}" unit="{self.unit}"/>{interpretation}{self._range()}'
            "</observation></entryRelationship></act></entry>"
        )

    def _time(self) -> str:
        return f'<effectiveTime value="{self.at}"/>' if self.at else ""

    def _range(self) -> str:
        if self.low is None and self.high is None:
            return ""
        low = f'<low value="{self.low}" unit="{self.range_unit}"/>' if self.low else ""
        high = f'<high value="{self.high}" unit="{self.range_unit}"/>' if self.high else ""
        return (
            "<referenceRange><observationRange>"
            f'<value xsi:type="IVL_PQ">{low}{high}</value><interpretationCode code="N"/>'
            "</observationRange></referenceRange>"
        )


def png(width: int = 2, height: int = 2) -> bytes:
    """A PNG; a large one is only declared large, its data are those of one row."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"\x00" + b"\x20\x60\xa0" * min(width, 8)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(rows * min(height, 8))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf(catalog: str = "", trailer: str = "") -> bytes:
    """A one-page PDF; `catalog` and `trailer` go into those dictionaries."""
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    rows = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    return out + (
        f"xref\n0 4\n0000000000 65535 f \n{rows}trailer\n<</Size 4/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n"
    ).encode("latin-1")
