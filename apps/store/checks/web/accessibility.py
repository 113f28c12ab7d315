"""STO-95: the accessibility statement that the law asks for (RGAA 4.1)."""

from __future__ import annotations

from datetime import date

from apps.common.dates import PARIS
from apps.store.checks.base import Fact, Finding, Subject
from apps.store.checks.findings import failed, flagged, passed
from apps.store.checks.web import targets
from apps.store.checks.web.contract import ABSENT, Asked, WebCheck, is_found, kind_of, settled
from apps.store.checks.web.page_words import NoWordsError, is_readable, words_of_page
from apps.store.checks.web.reasons import Reason
from apps.store.checks.web.statement import Statement, read_statement

GOOD_RATE, LEAST_RATE = 75, 50  # percent; below the second one RGAA itself says "non conforme"
LASTS_YEARS = 3


class AccessibilityCheck(WebCheck):
    """`fail`: no statement, or one that says of itself that the service does not conform. Where words and figures
    contradict each other, a person looks.
    """

    code = "accessibility"
    rule = "STO-95"
    criterion = "CRI-ACC-01"

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return targets.answers(subject, ("CRI-ACC-01", "url"))

    def look(self, asked: Asked) -> Finding:
        page = settled(asked.web.get(asked.target))
        if page.status in ABSENT:
            return failed(Reason.ACCESSIBILITY_ABSENT, status=page.status)
        if not is_found(page):
            return flagged(Reason.PAGE_CLOSED, status=page.status)
        if not is_readable(page):
            return flagged(Reason.ACCESSIBILITY_UNREAD, media_type=kind_of(page))
        try:
            words = words_of_page(page)
        except NoWordsError:
            return flagged(Reason.ACCESSIBILITY_UNREAD, media_type=page.media_type)
        today = asked.subject.at.astimezone(PARIS).date()
        return _judged(
            read_statement(words, today=today), asked.subject.answers.get("CRI-ACC-01", {}).get("rate"), today
        )


def _judged(said: Statement, declared: object, today: date) -> Finding:
    rate = 100.0 if said.rate is None and said.state == "totalement" else said.rate
    measured: dict[str, Fact] = {
        "state": said.state,
        "rate": rate,
        "dated": said.dated.isoformat() if said.dated else None,
    }
    if said.state == "non" and (rate is None or rate < LEAST_RATE):
        return failed(Reason.ACCESSIBILITY_NOT_CONFORM, **measured)
    if rate is None:
        return flagged(Reason.ACCESSIBILITY_UNREAD, **measured)
    if said.state and (said.state == "non") != (rate < LEAST_RATE):
        return flagged(Reason.ACCESSIBILITY_UNCLEAR, **measured)
    reason = _doubt(rate, said.dated, declared, today)
    return flagged(reason, **measured) if reason else passed(**measured)


def _doubt(rate: float, dated: date | None, declared: object, today: date) -> str:
    if rate < GOOD_RATE:
        return Reason.ACCESSIBILITY_PARTIAL
    if dated is None:
        return Reason.ACCESSIBILITY_UNDATED
    if (dated.year + LASTS_YEARS, dated.month, dated.day) <= (today.year, today.month, today.day):
        return Reason.ACCESSIBILITY_OLD
    if isinstance(declared, int | float) and abs(declared - rate) > 1:
        return Reason.ACCESSIBILITY_DIFFERS
    return ""
