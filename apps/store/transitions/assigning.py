"""Naming who works on a dossier in the turn that runs: neither state, turn nor term change (RV-03)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from apps.store import telling
from apps.store.models import Candidacy, CandidacyEvent
from apps.store.states import Event, Queue
from apps.store.transitions.step import Step, TransitionRefusedError

# Column that remembers who works on a part of the dossier, so that they go on with it when the turn comes back.
PARTS: Mapping[Queue, str] = {
    Queue.DESK: "desk_officer",
    Queue.ASSESSOR: "assessor",
    Queue.SECOND_READER: "second_reader",
    Queue.PRIVACY: "privacy_reader",
}


def assign(candidacy: Candidacy, step: Step, *, who: UUID | None) -> CandidacyEvent:
    """Give the turn of a dossier whose row the caller has locked to one person, or back to everybody of the queue.

    `step.event` is `HAND_OVER`. Whoever is named by somebody else gets one mail. Raises `TransitionRefusedError` when
    nobody of the back office is waited for.
    """
    if step.event is not Event.HAND_OVER or candidacy.queue in {"", Queue.PUBLISHER}:
        raise TransitionRefusedError(candidacy.status, step.event, step.by)
    queue = Queue(candidacy.queue)
    candidacy.assignee_id, candidacy.assigned_at = who, step.at if who else None
    columns = ["sequence", "assignee", "assigned_at"]
    if part := PARTS.get(queue):
        setattr(candidacy, f"{part}_id", who)
        columns.append(part)
    if queue is Queue.ASSESSOR and who is None:  # without a first reader there is no second one
        candidacy.second_reader_id = candidacy.second_read_at = None
        columns += ["second_reader", "second_read_at"]
    candidacy.sequence += 1
    candidacy.save(update_fields=columns)
    event = CandidacyEvent.objects.create(
        candidacy=candidacy, sequence=candidacy.sequence, event=step.event, before=candidacy.status,
        after=candidacy.status, by=step.by, actor=step.actor, at=step.at, rule="RV-03", queue=queue,
        due_at=candidacy.due_at, reason=step.reason, facts={**step.facts, "assignee": str(who) if who else ""},
    )  # fmt: skip
    if who is not None and str(who) != step.actor:
        facts = telling.facts_of(candidacy) | {"event": event.event, "before": event.before}
        key = f"dossier:{candidacy.id}:{event.sequence}"
        telling.write(user_ids=[who], template="review_turn", key=key, facts=facts, at=step.at)
    return event
