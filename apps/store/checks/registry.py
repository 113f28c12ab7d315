"""All automatic checks by their code, and what of a dossier each of them runs on (store.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from apps.store.checks.base import Check, Subject
from apps.store.checks.local import CHECKS_LOCAL
from apps.store.checks.web import CHECKS_WEB

LONGEST_TARGET = 2000  # bytes: a row of the index that keeps each target once a round takes 2,700 (forms take no more)
CHECKS: Mapping[str, Check] = MappingProxyType({check.code: check for check in (*CHECKS_LOCAL, *CHECKS_WEB.values())})


def runs_for(subject: Subject) -> tuple[tuple[str, str], ...]:
    """Code and target of everything that is to be checked of this dossier, once each; the same dossier gives the same
    order: quick checks of what was written first, then files, then the web.
    """
    runs = ((code, target) for code, check in CHECKS.items() for target in check.targets(subject))
    return tuple(dict.fromkeys(run for run in runs if len(run[1].encode()) <= LONGEST_TARGET))
