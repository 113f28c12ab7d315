"""What the professionals of the simulated mail operator know about the test people: the traits of a referral."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from apps.journeys.demonstration.cast import CastMember, cast

Traits = dict[str, str]


def patients(*, today: date) -> list[Traits]:
    """Those of the file, first test person first: number with its key, who gave it, the traits, `label` (name)."""
    return [_traits(one) for one in cast(today=today) if one.is_in_file]


def write_patients(*, path: Path, today: date) -> int:
    """Write the JSON file that the simulator reads (`ENS_MSS_PATIENTS`); returns how many people stand in it."""
    found = patients(today=today)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return len(found)


def _traits(member: CastMember) -> Traits:
    row = member.row
    return {
        "label": f"{member.given[0]} {member.family}",
        "number": member.ins,
        "authority": row.oid,
        "family": row.nom_naissance,
        "given": row.prenoms_naissance,
        "born": row.date_naissance.replace("-00", "").replace("-", ""),
        "sex": row.sexe,
    }
