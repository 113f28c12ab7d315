"""Checks what the register keeps beside the identity: contacts, situation, representatives, death (SPA-02, SPA-50)."""

from __future__ import annotations

import re

from apps.rollout.validation.codes import Code, Finding, refused, warned
from apps.rollout.validation.columns import (
    BIRTH_DATE,
    CHANNEL,
    COLUMNS,
    DEATH_DATE,
    HAD_DMP,
    MAIL,
    MEASURE,
    MOBILE,
    NUMBER,
    REP1_CAPACITY,
    REP1_NUMBER,
    REP2_CAPACITY,
    REP2_NUMBER,
    SITUATION,
    TWIN_RANK,
)
from apps.rollout.validation.dates import is_partial_date, is_whole_date

BY_MAIL, BY_POST = "courriel", "courrier"
SITUATIONS = frozenset({"MAJEUR", "MINEUR", "MAJEUR_PROTEGE"})
MEASURES = frozenset({"", "TUTELLE", "CURATELLE_SIMPLE", "CURATELLE_RENFORCEE", "HABILITATION_FAMILIALE", "SAUVEGARDE"})
CAPACITIES = frozenset({"PERE", "MERE", "FAMILLE", "MJPM", "ASE"})
_FLAGS = frozenset("01")
_TWINS = frozenset({"", "1", "2", "3", "4", "5", "6", "7", "8", "9"})
_NUMBER_LENGTH = 13
_is_mail = re.compile(r"[^@\s;,<>\"]+@[^@\s;,<>\"]+\.[^@\s;,<>\".]{2,}").fullmatch
_is_mobile = re.compile(r"\+?\d{6,15}", re.ASCII).fullmatch


def check_register(values: list[str], findings: list[Finding], today: str) -> None:
    """Tidy in place and add what is wrong."""
    _check_contact(values, findings)
    if values[SITUATION] not in SITUATIONS:
        findings.append(refused("situation", Code.SITUATION))
    if values[MEASURE] not in MEASURES:
        findings.append(refused("mesure_protection", Code.SITUATION))
    if values[TWIN_RANK] not in _TWINS:
        values[TWIN_RANK] = ""
        findings.append(warned("rang_gemellaire", Code.OTHER_VALUE))
    if values[HAD_DMP] not in _FLAGS:
        values[HAD_DMP] = "0"
        findings.append(warned("had_dmp", Code.OTHER_VALUE))
    if values[REP1_NUMBER] or values[REP2_NUMBER] or values[REP1_CAPACITY] or values[REP2_CAPACITY]:
        _check_representatives(values, findings)
    death = values[DEATH_DATE]
    if death and (not is_whole_date(death) or death > today or _is_before(death, values[BIRTH_DATE])):
        findings.append(refused("date_deces", Code.DATE))


def _check_contact(values: list[str], findings: list[Finding]) -> None:
    """An address that cannot be written to is dropped: the person goes by post (decisions.md 31)."""
    mail, channel, mobile = values[MAIL], values[CHANNEL], values[MOBILE]
    if mail and not _is_mail(mail):
        values[MAIL] = mail = ""
        findings.append(warned("courriel", Code.MAIL))
    elif channel == BY_MAIL and not mail:
        findings.append(warned("courriel", Code.MAIL))
    if channel not in {BY_MAIL, BY_POST}:
        findings.append(warned("canal", Code.OTHER_VALUE))
    values[CHANNEL] = BY_MAIL if mail and channel != BY_POST else BY_POST
    if mobile and not _is_mobile(mobile):
        plain = re.sub(r"[ .\-]", "", mobile)
        values[MOBILE] = plain if _is_mobile(plain) else ""
        if not values[MOBILE]:
            findings.append(warned("mobile", Code.OTHER_VALUE))


def _check_representatives(values: list[str], findings: list[Finding]) -> None:
    """Keep pairs of number and capacity that can mean somebody else; the number itself is looked up at the opening."""
    seen = {values[NUMBER]}
    for number_at, capacity_at in ((REP1_NUMBER, REP1_CAPACITY), (REP2_NUMBER, REP2_CAPACITY)):
        number, capacity = values[number_at], values[capacity_at]
        if not number and not capacity:
            continue
        if capacity not in CAPACITIES or (number and (len(number) != _NUMBER_LENGTH or number in seen)):
            values[number_at] = values[capacity_at] = ""
            findings.append(warned(COLUMNS[number_at], Code.REPRESENTATIVE))
        seen.add(number)


def _is_before(death: str, birth: str) -> bool:
    return is_partial_date(birth) and death < birth
