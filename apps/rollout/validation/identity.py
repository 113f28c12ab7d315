"""Checks the number and the five traits (IDN-01, IDN-02, IDN-05, IDN-11, IDN-12)."""

from __future__ import annotations

import re
from collections.abc import Collection

from apps.accounts.ins import Authority, InsFault, InvalidInsError, control_key, parse_ins
from apps.rollout.validation.codes import Code, Finding, refused, warned
from apps.rollout.validation.columns import (
    AUTHORITY,
    BIRTH_DATE,
    BIRTH_PLACE,
    COLUMNS,
    FAMILY_NAME,
    FIRST_GIVEN_NAME,
    GIVEN_NAMES,
    KEY,
    NATURE,
    NUMBER,
    SEX,
)
from apps.rollout.validation.dates import is_partial_date
from apps.rollout.validation.names import in_form, is_in_form

NATURES = {
    Authority.NIR.value: "NIR",
    Authority.TEST_NIR.value: "NIR",
    Authority.DEMONSTRATION_NIR.value: "NIR",
    Authority.NIA.value: "NIA",
}
SEXES = frozenset("FMI")
_FAULTS = {InsFault.LENGTH: Code.LENGTH, InsFault.SYNTAX: Code.SYNTAX, InsFault.KEY: Code.KEY}
_TRAITS = (FAMILY_NAME, GIVEN_NAMES, FIRST_GIVEN_NAME)
# The shape that all but broken numbers have; anything else goes through parse_ins, which says what is wrong.
_is_plain_number = re.compile(r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:2[AB]|\d{2})\d{6}", re.ASCII).fullmatch
_is_place = re.compile(r"(?!00)(?:\d{2}|2[AB])\d{3}", re.ASCII).fullmatch  # COG: commune, or 99xxx abroad


def check_identity(values: list[str], findings: list[Finding], authorities: Collection[str], today: str) -> None:
    """Tidy number and traits in place and add what is wrong with them."""
    _check_number(values, findings, authorities)
    for place in _TRAITS:
        if not is_in_form(values[place]):
            _tidy_name(values, findings, place)
    if not values[GIVEN_NAMES].startswith(values[FIRST_GIVEN_NAME]):
        findings.append(warned("premier_prenom", Code.FIRST_NAME))
    if values[SEX] not in SEXES:
        findings.append(refused("sexe", Code.SEX))
    if not is_partial_date(values[BIRTH_DATE]) or values[BIRTH_DATE] > today:
        findings.append(refused("date_naissance", Code.DATE))
    if not _is_place(values[BIRTH_PLACE]):
        findings.append(refused("lieu_naissance", Code.PLACE))


def _check_number(values: list[str], findings: list[Finding], authorities: Collection[str]) -> None:
    number, authority = values[NUMBER], values[AUTHORITY]
    if not _is_plain_number(number) or control_key(number) != values[KEY]:
        _read_number(values, findings)
    if authority not in authorities or NATURES.get(authority) != values[NATURE]:
        findings.append(refused("oid", Code.AUTHORITY))


def _read_number(values: list[str], findings: list[Finding]) -> None:
    try:
        # The authority is checked on its own; any one will do for the syntax.
        number = parse_ins(number=values[NUMBER], key=values[KEY], authority=Authority.TEST_NIR)
    except InvalidInsError as error:
        field = "cle" if error.fault is InsFault.KEY else "matricule"
        findings.append(refused(field, _FAULTS[error.fault]))
    else:
        values[NUMBER], values[KEY] = number.number, number.key


def _tidy_name(values: list[str], findings: list[Finding], place: int) -> None:
    title = COLUMNS[place]
    if not values[place]:
        findings.append(refused(title, Code.EMPTY_NAME))
        return
    tidy = in_form(values[place])
    if tidy is None:
        findings.append(refused(title, Code.LETTERS))
    else:
        values[place] = tidy
        findings.append(warned(title, Code.CASE))
