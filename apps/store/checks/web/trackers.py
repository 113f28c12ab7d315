"""STO-93: who learns of a visit before the visitor agreed to anything."""

from __future__ import annotations

from apps.store.checks.base import Fact, Finding, Subject
from apps.store.checks.findings import failed, flagged, passed, skipped
from apps.store.checks.web import targets
from apps.store.checks.web.contract import Asked, WebCheck, is_found, not_found, settled
from apps.store.checks.web.domains import host_of, registered_domain
from apps.store.checks.web.reasons import Reason
from apps.store.checks.web.tracker_list import VERSION, Trackers, Verdict, kept_list
from apps.store.gateways.web.base import Visit

MOST_NAMES = 30


class TrackersCheck(WebCheck):
    """`fail`: somebody on the blocking list, or one of their cookies. Nobody of one's own domain is a third party."""

    code = "trackers"
    rule = "STO-93"
    criterion = "CRI-RGP-06"

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return targets.answers(subject, ("CRI-RGP-06", "url"))

    def look(self, asked: Asked) -> Finding:
        if asked.browser is None:
            return skipped(Reason.NO_BROWSER)
        visit = settled(asked.browser.visit(asked.target))
        return judged(visit, kept_list()) if is_found(visit) else not_found(visit)


def judged(visit: Visit, known: Trackers) -> Finding:
    """What the list says of everybody whom this visit reached. Who could not be reached was asked all the same."""
    seen = {host: known.of_host(host) for host in _third_parties(visit)}
    cookies = {f"cookie {name}": known.of_cookie(name) for _, name in visit.cookies}
    verdicts = seen | {name: verdict for name, verdict in cookies.items() if verdict}
    blocked = _named(verdicts, Verdict.BLOCKED)
    doubtful = _named(verdicts, Verdict.LOOKED_AT) + _named(verdicts, None)
    measured: dict[str, Fact] = {"third_parties": len(seen), "cookies": len(visit.cookies), "list": VERSION}
    if blocked:
        return failed(Reason.TRACKERS_BLOCKED, hosts=blocked[:MOST_NAMES], **measured)
    if doubtful:
        return flagged(Reason.TRACKERS_UNKNOWN, hosts=doubtful[:MOST_NAMES], **measured)
    return passed(**measured)


def _third_parties(visit: Visit) -> list[str]:
    own = registered_domain(host_of(visit.url))
    reached = [*visit.requests, *visit.refused, *(host.lstrip(".") for host, _ in visit.cookies)]
    hosts = {host_of(each).lower() for each in reached} - {""}
    return sorted(host for host in hosts if registered_domain(host) != own or not own)


def _named(verdicts: dict[str, Verdict | None], verdict: Verdict | None) -> list[str]:
    return [name for name, given in verdicts.items() if given is verdict]
