"""What the FranceConnect simulator says about the test people who may sign in (IDN-27, IDN-28)."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

from apps.journeys.demonstration.cast import CastMember, cast

FRANCE = "99100"
_ABROAD = "99"
Claims = dict[str, str | list[str]]


def people(*, today: date) -> list[Claims]:
    """The simulator's list, first test person first: the claims, `label` (name) and `note` (French) for its page."""
    return [claims(one) | {"label": _name(one), "note": one.label} for one in cast(today=today) if one.signs_in]


def write_people(*, path: Path, today: date) -> int:
    """Write the JSON file that the simulator reads (`ENS_FC_PEOPLE`); returns how many people stand in it."""
    found = people(today=today)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return len(found)


def claims(member: CastMember) -> Claims:
    """The pivot identity: 01 for an unknown day or month, birthplace empty when born abroad, never a number.

    `sub` is pairwise and stable: 64 hexadecimal digits and `v1`.
    """
    identity = member.person.identity
    is_abroad = identity.place.startswith(_ABROAD)
    found: Claims = {
        "sub": hashlib.sha256(f"demonstration/{member.key}".encode()).hexdigest() + "v1",
        "given_name": " ".join(member.given),
        "given_name_array": list(member.given),
        "family_name": member.family.upper(),
        "birthdate": identity.born.replace("-00", "-01"),
        "gender": "male" if identity.sex == "M" else "female",
        "birthplace": "" if is_abroad else identity.place,
        "birthcountry": identity.place if is_abroad else FRANCE,
    }
    if identity.used_family:
        found["preferred_username"] = identity.used_family
    if member.person.contact.mail:
        found["email"] = member.person.contact.mail
    found.update(member.franceconnect)
    return found


def _name(member: CastMember) -> str:
    used = member.person.identity.used_family.title()
    return f"{member.given[0]} {used or member.family}"
