"""« All they open is traced »: lists, figures and reports of the console leave a line each (pages.md 2, SEC-20)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from apps.access import Role
from apps.accounts.models import StaffRole
from apps.audit.services import PLATFORM_SCOPE, AuditEvent, events_of
from apps.common.ids import uuid7
from apps.rollout.models import LetterBatch
from tests import factories
from tests.cast import client_of
from tests.harness.clock import NOON
from tests.rollout import factories as rollout
from tests.rollout.import_files import BAD, tried

pytestmark = pytest.mark.django_db
ROOT = "/deploiement"


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, settings) -> Iterator[None]:
    settings.IMPORT_DIR = str(tmp_path)
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def rows() -> dict[str, object]:
    """A wave, a file and a batch, by the word of the address."""
    wave = rollout.wave()
    batch = LetterBatch.objects.create(number=1, wave=wave, state="ready", letters=1, created_at=NOON, ready_at=NOON)
    return {"wave": wave.pk, "import": tried(BAD).pk, "batch": batch.pk}


def lines_of(client, address: str) -> list[AuditEvent]:
    """What one visit leaves; a report is read to its end."""
    before = list(events_of(PLATFORM_SCOPE).values_list("pk", flat=True))
    answer = client.get(address)
    assert answer.status_code == 200
    answer.getvalue()
    return list(events_of(PLATFORM_SCOPE).exclude(pk__in=before))


@pytest.mark.parametrize(
    ("address", "action", "target"),
    [
        ("vagues/", "rollout.wave.list", ""),
        ("vagues/{wave}/", "rollout.wave.read", "wave:{wave}"),
        ("vagues/{wave}/ouverture/", "rollout.opening.read", "wave:{wave}"),
        ("vagues/{wave}/notifications/", "rollout.notice.figures", "wave:{wave}"),
        ("notifications/", "rollout.notice.figures", ""),
        ("notifications/lots/{batch}/", "rollout.batch.read", "batch:{batch}"),
        ("imports/", "rollout.import.list", ""),
        ("imports/{import}/anomalies/CLE/", "rollout.import.findings", "import:{import}"),
        ("imports/{import}/rapport.csv", "rollout.import.report", "import:{import}"),
        ("exports/", "rollout.export.list", ""),
        ("oppositions/", "rollout.opposition.list", ""),
        ("population/", "rollout.person.list", ""),
        ("calendrier/", "rollout.calendar.view", ""),
        ("suivi/", "rollout.progress.view", ""),
        ("rapprochement/", "rollout.reconciliation.view", ""),
    ],
)
def test_sec_20_one_page_one_line(rows, address, action, target):
    nadia = factories.staff(StaffRole.OPERATOR)

    (line,) = lines_of(client_of(nadia), f"{ROOT}/{address.format(**rows)}")

    assert (line.action, line.target) == (action, target.format(**rows))
    assert (line.actor_id, line.actor_role) == (str(nadia.pk), Role.STAFF)


def test_sec_20_a_file_is_traced_beside_its_sample(rows):
    client = client_of(factories.staff(StaffRole.OPERATOR))

    lines = lines_of(client, f"{ROOT}/imports/{rows['import']}/")

    assert {line.action for line in lines} == {"rollout.import.read", "rollout.import.sample"}


@pytest.mark.parametrize("method", ["get", "head"])
def test_sec_20_what_was_not_shown_leaves_no_line(method):
    client = client_of(factories.staff(StaffRole.OPERATOR))
    before = events_of(PLATFORM_SCOPE).count()

    assert client.get(f"{ROOT}/vagues/{uuid7()}/").status_code == 404
    if method == "head":
        assert client.head(f"{ROOT}/vagues/").status_code == 200

    assert events_of(PLATFORM_SCOPE).count() == before
