"""Automatic results as their publisher reads them: by what is to be done, with the cure (PU-08, L16, L18, L22)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.store.checks.labels import label_of
from apps.store.checks.words import words_of
from apps.store.models import Candidacy, CandidacyStep
from apps.ui.words import moment

State, Outcome = CandidacyStep.State, CandidacyStep.Outcome


class Group(StrEnum):
    """In the order of the page: what the publisher can do something about comes first."""

    FAILED = "failed"
    FLAGGED = "flagged"
    RUNNING = "running"
    ERROR = "error"
    PASSED = "passed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWords:
    title: str | Promise
    text: str | Promise
    icon: str


WORDS: Mapping[Group, GroupWords] = {
    Group.FAILED: GroupWords(
        title=gettext_lazy("To correct"),
        text=gettext_lazy("These are facts. Correct them and start the checks again, or say why the result is wrong."),
        icon="close-circle-line",
    ),
    Group.FLAGGED: GroupWords(
        title=gettext_lazy("To be seen by a person"),
        text=gettext_lazy("The machine cannot decide: a person looks at it. You can improve it beforehand."),
        icon="eye-line",
    ),
    Group.RUNNING: GroupWords(
        title=gettext_lazy("Under way"),
        text=gettext_lazy("Most checks take a few seconds."),
        icon="time-line",
    ),
    Group.ERROR: GroupWords(
        title=gettext_lazy("Could not be done, on our side"),
        text=gettext_lazy(
            "The error is ours or that of the network: it does not count against you. A person does the check or "
            "starts it again."
        ),
        icon="error-warning-line",
    ),
    Group.PASSED: GroupWords(title=gettext_lazy("Checks passed"), text="", icon="checkbox-circle-line"),
    Group.SKIPPED: GroupWords(
        title=gettext_lazy("Not done"),
        text=gettext_lazy("These checks do not apply here, or this machine cannot do them."),
        icon="subtract-line",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One result. `decided`: what a person made of it; `may_contest`: it is against the publisher."""

    step: CandidacyStep
    label: str
    target: str
    found: str | Promise
    cure: str | Promise
    note: str
    decided: str
    may_contest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The last round: groups that are not empty, in their order; how many of how many are done."""

    groups: tuple[tuple[Group, GroupWords, tuple[CheckRow, ...]], ...]
    done: int
    total: int
    asked_at: str
    cause: str

    @property
    def is_running(self) -> bool:
        return self.done < self.total


def last_round(candidacy: Candidacy, titles: Mapping[str, str]) -> Round | None:
    """None before the first one. `titles` of files by their id. Two queries."""
    number = candidacy.steps.order_by("-round", "id").values_list("round", flat=True).first()
    if number is None:
        return None
    steps = list(candidacy.steps.filter(round=number).order_by("kind", "target", "id"))
    return Round(
        groups=_groups(steps, titles),
        done=sum(_is_over(step) for step in steps),
        total=len(steps),
        asked_at=moment(steps[0].asked_at),
        cause=str(steps[0].get_cause_display()),
    )


def row_of(step: CandidacyStep, titles: Mapping[str, str]) -> CheckRow:
    """One result in words."""
    said = words_of(step.reason)
    is_told = bool(step.reason) or step.outcome == Outcome.PASS
    against = (step.override or step.outcome) in {Outcome.FAIL, Outcome.FLAG}
    return CheckRow(
        step=step,
        label=label_of(step.kind),
        target=titles.get(step.target, step.target),
        found=said.found if is_told else "",
        cure=said.cure if is_told else "",
        note=_note(step),
        decided=_decided(step),
        may_contest=against and step.state == State.DONE and not step.contested and not step.override,
    )


def group_of(step: CandidacyStep) -> Group:
    """What people made of a result counts before what the machine found."""
    if step.state == State.PARKED:
        return Group.ERROR
    if step.state != State.DONE:
        return Group.RUNNING
    return {
        Outcome.PASS: Group.PASSED,
        Outcome.FAIL: Group.FAILED,
        Outcome.FLAG: Group.FLAGGED,
        Outcome.ERROR: Group.ERROR,
        Outcome.SKIPPED: Group.SKIPPED,
    }[Outcome(step.override or step.outcome)]


def _groups(
    steps: Iterable[CandidacyStep], titles: Mapping[str, str]
) -> tuple[tuple[Group, GroupWords, tuple[CheckRow, ...]], ...]:
    found: dict[Group, list[CheckRow]] = {group: [] for group in Group}
    for step in steps:
        found[group_of(step)].append(row_of(step, titles))
    return tuple((group, WORDS[group], tuple(rows)) for group, rows in found.items() if rows)


def _is_over(step: CandidacyStep) -> bool:
    return step.state in {State.DONE, State.PARKED}


def _note(step: CandidacyStep) -> str:
    if step.state == State.DUE and step.attempt:
        return _("It did not work; tried again by itself %(moment)s.") % {"moment": moment(step.due_at)}
    if step.contested:
        return _("You have contested this result %(moment)s: %(text)s") % {
            "moment": moment(step.contested_at),
            "text": step.contested,
        }
    return ""


def _decided(step: CandidacyStep) -> str:
    """The reason of a person is told; their name is not."""
    if not step.override:
        return ""
    values = {"outcome": Outcome(step.override).label, "reason": step.override_reason}
    return _("A person has looked at it: %(outcome)s. %(reason)s") % values
