"""STO-95: what a machine can see of a page that some people cannot use. Never `fail`: a machine sees a third of it."""

from __future__ import annotations

from apps.store.checks.base import Finding, Subject
from apps.store.checks.findings import flagged, passed, skipped
from apps.store.checks.web import targets
from apps.store.checks.web.contract import Asked, WebCheck, is_found, not_found, settled
from apps.store.checks.web.reasons import Reason
from apps.store.gateways.web.base import Reason as Unreached
from apps.store.gateways.web.base import UnreachableError

MOST_NAMES = 30


class AxeCheck(WebCheck):
    """Rules of axe-core of serious and critical impact."""

    code = "axe"
    rule = "STO-95"
    criterion = "CRI-ACC-02"

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return targets.answers(subject, ("CRI-ACC-02", "url"))

    def look(self, asked: Asked) -> Finding:
        if asked.browser is None:
            return skipped(Reason.NO_BROWSER)
        visit = settled(asked.browser.visit(asked.target))
        if not is_found(visit):
            return not_found(visit)
        found = visit.violations
        if found is None:
            raise UnreachableError(Unreached.BROKEN, "axe")
        rules = [f"{rule} ({count})" for rule, count in sorted(found.items())][:MOST_NAMES]
        return flagged(Reason.AXE_VIOLATIONS, rules=rules, nodes=sum(found.values())) if found else passed(nodes=0)
