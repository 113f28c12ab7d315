"""Figures for the operator's monitoring (security.md 11): counts and ages, no id, no person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import redis
from django.conf import settings
from django.db.models import Count
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from apps.accounts.models import SignInSession
from apps.audit.services import seal_state
from apps.common import health
from apps.directory.trust import ListState, standing
from apps.files.models import StoredFile
from apps.mss.services import queues
from apps.notifications.services import outbox_state

QUEUES = ("default", "mail", "scan")
_WAITING_FOR_SOMEBODY = (StoredFile.State.WAITING, StoredFile.State.INFECTED, StoredFile.State.PARKED)


def exposition(*, at: datetime) -> bytes:
    """All figures in the text format of Prometheus, looked at now: each process would tell the same."""
    registry = CollectorRegistry()
    registry.register(_Figures(at))
    return generate_latest(registry)


class _Figures(Collector):
    def __init__(self, at: datetime) -> None:
        self._at = at

    def describe(self) -> list[Metric]:
        """Empty: the registry need not ask for the figures in order to know their names."""
        return []

    def collect(self) -> Iterator[Metric]:
        missing = health.missing_parts()
        yield _by("ens_part_up", "1 when the part answers", "part", {part: part not in missing for part in health.Part})
        if health.Part.BROKER not in missing:
            yield _by("ens_queue_messages", "Messages that wait in a queue", "queue", _queues())
        if health.Part.DATABASE not in missing:
            yield from self._of_the_database()

    def _of_the_database(self) -> Iterator[Metric]:
        seals = seal_state(at=self._at)
        yield _one("ens_audit_lines_unsealed", "Lines of the trail without a seal", seals.waiting)
        yield _one("ens_audit_seal_lag_seconds", "Age of the oldest of them", seals.lag.total_seconds())
        yield _one("ens_audit_lines_sealed", "Lines of the trail with a seal", seals.sealed)
        outbox = outbox_state(self._at)
        yield _by("ens_mails", "Mails of the outbox", "state", outbox.counts)
        yield _one("ens_mail_oldest_due_seconds", "How late the oldest mail is", outbox.oldest_due.total_seconds())
        for queue in queues.Queue:
            state = queues.queue_state(queue=queue, at=self._at)
            yield _by(f"ens_mss_{queue}", f"Secure messages, {queue}, not over", "state", state.counts)
            words = f"How late the oldest of them is, {queue}"
            yield _one(f"ens_mss_{queue}_oldest_due_seconds", words, state.oldest_due.total_seconds())
        yield _by("ens_files_not_readable", "Files that are not clean", "state", _files())
        list_ = standing(self._at)
        states: dict[str, float] = {state: state is list_.state for state in ListState}
        yield _by("ens_mss_trust_list", "1 for the state of the white list of the trust space", "state", states)
        yield _one("ens_mss_trust_list_seconds_left", "Time until it expires", list_.left.total_seconds())
        signed_in = SignInSession.objects.filter(user__isnull=False, expires_at__gt=self._at)
        yield _one("ens_sessions", "Sessions of people who are signed in", signed_in.count())


def _queues() -> dict[str, int]:
    client = redis.Redis.from_url(
        settings.BROKER_URL,
        socket_timeout=health.BROKER_SECONDS,
        socket_connect_timeout=health.BROKER_SECONDS,
    )
    try:
        return {queue: int(client.llen(queue)) for queue in QUEUES}
    finally:
        client.close()


def _files() -> dict[str, int]:
    rows = StoredFile.objects.filter(state__in=_WAITING_FOR_SOMEBODY).order_by("state").values("state")
    found = {row["state"]: row["number"] for row in rows.annotate(number=Count("id"))}
    return {state.value: found.get(state.value, 0) for state in _WAITING_FOR_SOMEBODY}


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _by(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family
