"""What a rehearsal comes to: its figures, and every difference between what it did and what the register says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from apps.rollout.figures import outcomes
from apps.rollout.figures.differences import reconcile
from apps.rollout.figures.sheets import sheet
from apps.rollout.models import Conflict, EligiblePerson, Notice, Opposition, Wave
from apps.rollout.rehearsal.fates import OPPOSITIONS, Act
from apps.spaces.models import HealthSpace


def figures(tally: Counter[str]) -> Iterator[tuple[str, int]]:
    """Name and count: what happened, then what became of everybody."""
    yield from sorted(tally.items())
    told = sheet(outcomes.cells())
    yield "people", told.people
    for line in told.lines:
        yield f"people, {line.outcome.value}", line.by_state
        for detail in line.details:
            yield f"people, {line.outcome.value}, {detail.code}", detail.people
    for wave in Wave.objects.order_by("number"):
        own = sheet(outcomes.cells(wave.pk))
        for line in own.lines:
            yield f"wave {wave.number}, {line.outcome.value}", line.by_state


def differences(tally: Counter[str]) -> Iterator[str]:
    """Lines that say what does not agree; none when everything does."""
    for difference in reconcile():
        yield str(difference)
    for name, (did, is_there) in _counted(tally).items():
        if did != is_there:
            yield f"{name}: {did} were done, {is_there} are there"


def _counted(tally: Counter[str]) -> dict[str, tuple[int, int]]:
    """What was done and what is there, by name."""
    return {
        "lines refused": (tally["lines written broken"], tally["lines refused"]),
        "oppositions": (sum(tally[act] for act in (*OPPOSITIONS, Act.LATE)), Opposition.objects.count()),
        "conflicts": (tally["conflicts"], Conflict.objects.count()),
        "notices sent": (
            tally["mails sent"] + tally["letters sent"],
            Notice.objects.filter(sent_at__isnull=False).count(),
        ),
        "mails returned": (tally["mails returned"], _came_back(Notice.Channel.MAIL)),
        "letters returned": (tally["letters returned"], _came_back(Notice.Channel.POST)),
        "oppositions taken back": (
            tally["oppositions taken back"] + Conflict.objects.filter(outcome=Conflict.Outcome.OPENING).count(),
            Opposition.objects.filter(withdrawn_at__isnull=False).count(),
        ),
        "oppositions confirmed": (
            tally["oppositions confirmed"],
            Opposition.objects.filter(confirmed_at__isnull=False).count(),
        ),
        "spaces": (
            sum(tally[name] for name in ("spaces opened by the end of six weeks", "openings asked for, opened"))
            + tally[Act.ACTIVATE],
            HealthSpace.objects.count(),
        ),
        "people": (
            sum(line.by_state for line in sheet(outcomes.cells()).lines),
            EligiblePerson.objects.count(),
        ),
        "opened during the stop": (tally["opened during the stop"], 0),
    }


def _came_back(channel: Notice.Channel) -> int:
    return Notice.objects.filter(channel=channel, state=Notice.State.RETURNED).count()
