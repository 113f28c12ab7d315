"""STO-109: the domain that a dossier names is in the hands of who wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field

from apps.store.checks.base import Finding, Outcome, Subject
from apps.store.checks.findings import failed, flagged, passed, skipped
from apps.store.checks.web import targets
from apps.store.checks.web.contract import Asked, WebCheck, is_found, settled
from apps.store.checks.web.domains import host_of, registered_domain
from apps.store.checks.web.reasons import Reason
from apps.store.gateways.web.base import RefusedUrlError, TlsError, Web, WebError

PATH = "/.well-known/ens-portal.txt"
PROOF = "ens-portal-verification="
MOST_HOSTS = 5
MOST_DOMAINS = 20  # that are asked: each may take its time
_MOST_LINES = 50


class OwnershipCheck(WebCheck):
    """A text of the domain's names, or a file: at the domain itself, else at each of its hosts that the dossier names.
    A file at one host alone would let whoever was given a corner of a domain speak for all of it. `fail` only for a
    domain of the service itself: others may be those of a supplier.
    """

    code = "ownership"
    rule = "STO-109"
    criterion = "CRI-ELI-02"
    is_security = True

    def targets(self, subject: Subject) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*_domains(subject, targets.OWN_PLACES), *_domains(subject, targets.PLACES))))

    def look(self, asked: Asked) -> Finding:
        if not asked.subject.token:
            return skipped(Reason.NO_TOKEN)
        if asked.target in self.targets(asked.subject)[MOST_DOMAINS:]:
            return flagged(Reason.OWNERSHIP_MANY)
        proof = f"{PROOF}{asked.subject.token}"
        if any(text.strip() == proof for text in asked.web.texts(f"_ens-portal.{asked.target}")):
            return passed(by="txt")
        hosts = _hosts(asked.subject, targets.PLACES)
        named = dict.fromkeys(host for host in hosts if registered_domain(host) == asked.target)
        found = _by_file(asked.target, list(named), Files(proof=proof, web=asked.web))
        if found.outcome is Outcome.FAIL and asked.target not in _domains(asked.subject, targets.OWN_PLACES):
            return flagged(Reason.OWNERSHIP_ELSEWHERE, **found.measured)
        return found


@dataclass(kw_only=True)
class Files:
    """Which hosts show the proof, each asked once; `trouble`: the last host that could not be asked."""

    proof: str
    web: Web
    trouble: WebError | None = None
    shown: dict[str, bool] = field(default_factory=dict)

    def hold(self, host: str) -> bool:
        """Whether this host shows it. One in trouble may hold it all the same."""
        if host not in self.shown:
            try:
                self.shown[host] = _holds(host, self.proof, self.web)
            except (RefusedUrlError, TlsError):
                self.shown[host] = False
            except WebError as error:
                self.shown[host], self.trouble = False, error
        return self.shown[host]


def _by_file(domain: str, named: list[str], files: Files) -> Finding:
    """`fail` only when every host answered. Raises `WebError`."""
    for host in (domain, f"www.{domain}"):
        if files.hold(host):
            return passed(by="file", host=host)
    lacking = [host for host in named if len(named) > MOST_HOSTS or not files.hold(host)]
    if named and not lacking:
        return passed(by="file", host=named[0])
    if files.trouble:
        raise files.trouble
    return failed(Reason.OWNERSHIP_ABSENT, hosts=lacking[:MOST_HOSTS])


def _holds(host: str, proof: str, web: Web) -> bool:
    """Redirects are not followed: whoever may answer for the host must be the one who proves."""
    page = settled(web.get(f"https://{host}{PATH}", follow=False))
    lines = page.body[:10_000].decode("utf-8", "replace").splitlines()[:_MOST_LINES]
    return is_found(page) and any(line.strip() == proof for line in lines)


def _hosts(subject: Subject, places: targets.Places) -> list[str]:
    return [host for text in targets.answers(subject, *places) if (host := host_of(text))]


def _domains(subject: Subject, places: targets.Places) -> list[str]:
    return [domain for host in _hosts(subject, places) if (domain := registered_domain(host))]
