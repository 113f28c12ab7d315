"""What one notice says, by mail and by post: its text and its code."""

from __future__ import annotations

from datetime import date

from apps.rollout.codes import code_of
from apps.rollout.models import Notice
from apps.rollout.proofs import proof_in
from apps.rollout.symbols import grouped
from apps.rollout.texts import BEGINS_WINDOW, Wanted, voice_of
from apps.rollout.window import last_day


def wanted_of(notice: Notice, *, until: date | None) -> Wanted:
    """The text; `until`: last day of the six weeks that this sending begins. A new code says that of the old ones."""
    kind, window_ends_at = Notice.Kind(notice.kind), notice.person.window_ends_at
    running = last_day(window_ends_at) if kind is Notice.Kind.RESENT and window_ends_at is not None else None
    return Wanted(
        kind=kind,
        voice=voice_of(notice.person, notice.reader),
        by_post=notice.channel == Notice.Channel.POST,
        until=until if kind in BEGINS_WINDOW else running,
        act=notice.facts.get("act", ""),
        reference=notice.facts.get("reference", ""),
        proof=proof_in(notice.facts) if kind is Notice.Kind.RECEIPT else "",
    )


def shown_code(notice: Notice) -> str:
    """The code in three groups; empty for a notice without one."""
    return grouped(code_of(notice.code_id)) if notice.code_id is not None else ""
