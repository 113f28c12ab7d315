"""A small CDA document of our own, for tests that need bytes: the patient is the identity of the space."""
# ruff: noqa: E501  lines of XML

from __future__ import annotations

from dataclasses import dataclass

from apps.accounts.models import InsIdentity

AUTHOR_ID = "810990000018"
ORGANISATION_ID = "1440000000"


@dataclass(frozen=True, kw_only=True)
class Cda:
    """What tests vary; every value stands in the XML as given."""

    patient: InsIdentity
    unique_id: str = "1.2.250.1.999.1"
    set_id: str = "1.2.250.1.999.100"
    version: int = 1
    replaces: str = ""
    type_code: str = "11502-2"
    title: str = "Résultats de biologie"
    created: str = "20261118160500+0100"
    started: str = "20261118075000+0100"
    author_id: str = AUTHOR_ID
    organisation_id: str = ORGANISATION_ID
    text: str = "Hémoglobine : 13,4 g/dL"
    root: str = "1.2.250.1.213.1.4.10"
    number: str = ""
    family: str = ""
    birth: str = ""

    def data(self) -> bytes:
        person = self.patient
        related = "".join(
            f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{each}"/></parentDocument></relatedDocument>'
            for each in self.replaces.split()
        )
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
 <realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
 <templateId root="1.2.250.1.213.1.1.1.1"/><templateId root="1.2.250.1.213.1.1.1.55"/>
 <id root="{self.unique_id}"/>
 <code code="{self.type_code}" codeSystem="2.16.840.1.113883.6.1" displayName="CR d'examens biologiques"/>
 <title>{self.title}</title><effectiveTime value="{self.created}"/>
 <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/><languageCode code="fr-FR"/>
 <setId root="{self.set_id}"/><versionNumber value="{self.version}"/>
 <recordTarget><patientRole><id root="{self.root}" extension="{self.number or person.ins_number + person.ins_key}"/>
  <patient><name><family qualifier="BR">{self.family or person.birth_family_name}</family>
   <given>{person.birth_given_names}</given><given qualifier="BR">{person.first_given_name}</given></name>
   <administrativeGenderCode code="{person.sex}" codeSystem="2.16.840.1.113883.5.1"/>
   <birthTime value="{self.birth or person.birth_date.replace("-", "")}"/></patient></patientRole></recordTarget>
 <author><time value="{self.created}"/><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="{self.author_id}"/>
  <assignedPerson><name><family>PERRIN</family><given>HUGO</given><suffix>DR</suffix></name></assignedPerson>
  <representedOrganization><id root="1.2.250.1.71.4.2.2" extension="{self.organisation_id}"/><name>Laboratoire des Rives</name>
  </representedOrganization></assignedAuthor></author>
 <custodian><assignedCustodian><representedCustodianOrganization>
  <id root="1.2.250.1.71.4.2.2" extension="{self.organisation_id}"/><name>Laboratoire des Rives</name>
 </representedCustodianOrganization></assignedCustodian></custodian>
 <legalAuthenticator><time value="{self.created}"/><signatureCode code="S"/><assignedEntity>
  <id root="1.2.250.1.71.4.2.1" extension="{self.author_id}"/>
  <assignedPerson><name><family>PERRIN</family><given>HUGO</given></name></assignedPerson></assignedEntity></legalAuthenticator>
 <documentationOf><serviceEvent><effectiveTime><low value="{self.started}"/></effectiveTime></serviceEvent></documentationOf>
 {related}
 <component><structuredBody><component><section><title>BIOCHIMIE</title><text>{self.text}</text></section></component>
 </structuredBody></component>
</ClinicalDocument>""".encode()
