"""Words of access: who acts, in which role, for which purpose, with which rights; decisions and their rules."""

from __future__ import annotations

from apps.access.actors import SYSTEM, Actor, Purpose, Rights, Role, Section
from apps.access.decisions import AccessDeniedError, Decision

__all__ = ["SYSTEM", "AccessDeniedError", "Actor", "Decision", "Purpose", "Rights", "Role", "Section"]
