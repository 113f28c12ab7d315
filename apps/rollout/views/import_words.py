"""Words of RO-02: why a file stands where it stands, what to do about a finding, how far the work is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.rollout.jobs.import_files import GONE, UNFINISHED, UNREADABLE, WAITS
from apps.rollout.models import ImportFile, ImportIssue, ImportRun
from apps.rollout.validation.codes import Code, Severity
from apps.ui import words

_REASONS = {
    "empty": gettext_lazy("The file is empty. Export it again from the source, then bring it again."),
    "encoding": gettext_lazy(
        "The file is not UTF-8: it may come from an older spreadsheet (cp1252, UTF-16). Save it as « CSV UTF-8 » and "
        "bring it again."
    ),
    "packed": gettext_lazy(
        "The file is compressed, or it is a workbook (zip, gz, xlsx). Open it, save its table as « CSV UTF-8 » and "
        "bring that."
    ),
    "columns_missing": gettext_lazy(
        "Columns are missing: %(details)s. Check the first line: titles without quotes, separated by semicolons."
    ),
    "columns_twice": gettext_lazy("Columns stand there twice: %(details)s. Keep one of each."),
    "endless_line": gettext_lazy(
        "A line does not end: the file is cut up in another way, or damaged. Export it again with one line a person, "
        "then bring it again."
    ),
    "changed": gettext_lazy(
        "The file is no longer the one that was checked. Bring it again: it gets a dry run of its own."
    ),
    GONE: gettext_lazy("The file is not in the folder any more. Put the same file back there, then go on."),
    UNREADABLE: gettext_lazy(
        "The server cannot read the file to its end: its disk or its rights are at fault. Bring the same file again."
    ),
    WAITS: gettext_lazy("Another import or an opening is at work. This one begins by itself afterwards."),
    UNFINISHED: gettext_lazy(
        "The import of %(details)s stopped while it wrote. Go on with that file first: this one begins afterwards."
    ),
}
_TO_DO = {
    Code.KEY: gettext_lazy("Check the number at the source"),
    Code.LENGTH: gettext_lazy("Check the number at the source"),
    Code.SYNTAX: gettext_lazy("Check the number at the source"),
    Code.AUTHORITY: gettext_lazy("Send real numbers to production only, test numbers elsewhere"),
    Code.EMPTY_NAME: gettext_lazy("Complete the name"),
    Code.LETTERS: gettext_lazy("Correct the name: a letter was lost on the way"),
    Code.DATE: gettext_lazy("Correct the date, 00 for what is unknown"),
    Code.PLACE: gettext_lazy("Use the official code at the date of birth"),
    Code.SEX: gettext_lazy("Complete the sex: F, M or I"),
    Code.SITUATION: gettext_lazy("Use one of the codes of the format"),
    Code.TOO_LONG: gettext_lazy("Cut nothing: correct at the source"),
    Code.COLUMNS: gettext_lazy("Look for a semicolon inside a value"),
    Code.CHARACTER: gettext_lazy("Take the invisible character out"),
    Code.ENCODING: gettext_lazy("Save the file as UTF-8"),
    Code.TRAITS_DOUBLE: gettext_lazy("Find out which of the two people the number belongs to"),
    Code.NO_REPRESENTATIVE: gettext_lazy("Ask the fund who stands for this minor"),
    Code.NIA_DOUBLE: gettext_lazy("Nothing, unless the space is held"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of finding: code, its words, lines, what to do."""

    code: str
    label: str | Promise
    lines: int
    to_do: str | Promise
    is_refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far the work is: `percent`, and the sentence that says it."""

    percent: int
    text: str


def reason_of(file: ImportFile) -> str:
    """Why the file does not go on, and what to do; empty when it does."""
    if not file.reason:
        return ""
    known = _REASONS.get(file.reason)
    if known is None:
        return _("The database refused (%(code)s). Tell the platform this code.") % {"code": file.reason}
    return str(known) % {"details": ", ".join(file.details)} if "%" in str(known) else str(known)


def kinds_of(run: ImportRun | None) -> list[Kind]:
    """Kinds of findings with their lines, what keeps lines out first."""
    if run is None:
        return []
    counted = (
        ImportIssue.objects.filter(run=run)
        .values("code", "severity")
        .annotate(lines=Count("line", distinct=True))
        .order_by("severity", "-lines", "code")
    )
    return [
        Kind(
            code=row["code"],
            label=Code(row["code"]).label,
            lines=row["lines"],
            to_do=_TO_DO.get(Code(row["code"]), gettext_lazy("Nothing")),
            is_refused=row["severity"] == Severity.REFUSED,
        )
        for row in counted
    ]


def step_of(file: ImportFile) -> Step | None:
    """How far the work is, with its rate and the hour of its end; None before it has begun."""
    if not file.phase or file.progress_at is None or file.phase_at is None:
        return None
    percent = 100 * file.done // max(file.total, 1)
    phase = _("Reading the file") if file.phase == "reading" else _("Writing")
    text = _("%(phase)s: %(percent)d %%, %(lines)s lines.") % {
        "phase": phase, "percent": percent, "lines": words.number(file.items),
    }  # fmt: skip
    seconds = (file.progress_at - file.phase_at).total_seconds()
    if seconds <= 0 or file.done <= file.phase_from:
        return Step(percent=percent, text=text)
    more = _("%(rate)s lines a second, ends about %(hour)s.") % {
        "rate": words.number(round((file.items - file.items_from) / seconds)),
        "hour": words.clock(_end(file, file.progress_at, seconds)),
    }
    return Step(percent=percent, text=f"{text} {more}")


def _end(file: ImportFile, now: datetime, seconds: float) -> datetime:
    left = seconds * (file.total - file.done) / (file.done - file.phase_from)
    return now + timedelta(seconds=left)
