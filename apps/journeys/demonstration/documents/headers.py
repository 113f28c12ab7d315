"""Header parts of a document: patient, author, structure, requester (DMP-82..86)."""

from __future__ import annotations

from datetime import datetime

from apps.journeys.demonstration.cast import CastMember
from apps.journeys.demonstration.documents.catalogue import texts
from apps.journeys.demonstration.documents.filling import fill, template
from apps.journeys.demonstration.professionals import DemoProfessional, Structure
from apps.rollout.population.rows import EligibilityRow


def timestamp(moment: datetime) -> str:
    """An HL7 time with its offset: `20261118160500+0100`."""
    return moment.strftime("%Y%m%d%H%M%S%z")


def patient(member: CastMember) -> str:
    """`recordTarget` with the INS and the five traits; unknown parts of the birth date are left out (DMP-09)."""
    row = member.row
    return fill(
        template("patient.xml"),
        {
            "ins_root": row.oid,
            "ins": row.matricule + row.cle,
            "street": row.adresse_voie,
            "post_code": row.code_postal,
            "city": row.commune,
            "telecom_xml": _telecom(row),
            "family": row.nom_naissance,
            "used_family": row.nom_utilise or row.nom_naissance,
            "all_given": row.prenoms_naissance,
            "first_given": row.premier_prenom,
            "used_given": row.prenom_utilise,
            "sex": row.sexe,
            "sex_label": texts()["sexes"][row.sexe],
            "born": row.date_naissance.replace("-00", "").replace("-", ""),
            "birth_place": row.lieu_naissance,
        },
    )


def _telecom(row: EligibilityRow) -> str:
    return f'<telecom value="tel:{row.mobile}" use="MC"/>' if row.mobile else '<telecom nullFlavor="NI"/>'


def organisation(place: Structure) -> str:
    """Identifier, name, phone and address of a structure."""
    values = {"national_id": place.national_id, "name": place.name, "phone": place.phone, "address_xml": address(place)}
    return fill(template("organisation.xml"), values)


def address(place: Structure) -> str:
    """`addr` of a structure."""
    values = {
        "number": place.street[0],
        "street": place.street_name,
        "post_code": place.commune.post_code,
        "city": place.city,
    }
    return fill(template("address.xml"), values)


def professional(one: DemoProfessional, *, with_setting: bool = False) -> str:
    """Content of `assignedAuthor` and `assignedEntity`."""
    place = one.structures[0]
    setting = {"setting": place.setting, "setting_label": place.setting_label}
    values = _person(one) | {
        "organisation_xml": organisation(place),
        "setting_xml": fill(template("setting.xml"), setting) if with_setting else "",
    }
    return fill(template("professional.xml"), values)


def requester(one: DemoProfessional) -> str:
    """`participant typeCode="REF"`: who asked for the act."""
    return fill(template("requester.xml"), _person(one))


def _person(one: DemoProfessional) -> dict[str, str]:
    place, job = one.structures[0], one.profession
    return {
        "national_id": one.national_id,
        "specialty": job.specialty,
        "specialty_label": job.specialty_label,
        "address_xml": address(place),
        "phone": place.phone,
        "civility": one.civility,
        "given": one.given,
        "family": one.family,
        "suffix_xml": f"<suffix>{job.title}</suffix>" if job.title else "",
    }
