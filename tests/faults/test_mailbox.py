"""REL-02: kills while messages are filed lose none, double none, and leave every count right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from apps.common.invariants import findings
from apps.files.models import StoredFile
from apps.mss.models import Arrival, ArrivalAddress, Message
from apps.notifications.models import Notice
from tests import factories
from tests.faults.processes import KILLS, Machine
from tests.mss.arriving import arrive, letter

pytestmark = pytest.mark.faults
MESSAGES = 12
AT = datetime(2026, 9, 14, 8, tzinfo=UTC)
LATER = timedelta(minutes=10)  # the lease of a run that was killed is over
_WORK = (
    "import django; django.setup(); from datetime import UTC, datetime, timedelta; "
    "from apps.mss.jobs import filing; "
    "filing.file_arrivals(at=datetime(2026, 9, 14, 8, tzinfo=UTC) + timedelta(minutes={minutes}))"
)


def script(minutes: int = 0) -> tuple[str, str]:
    return "-c", _WORK.format(minutes=minutes)


@pytest.mark.parametrize("place", ["claimed", "before_commit", "filed", "before_end"])
def test_rel_02_the_filing_is_killed_five_times(machine: Machine, place: str):
    """Each message is for two spaces; every third one answers the one before."""
    spaces = (factories.space(), factories.space())
    factories.user(person=spaces[0].identity, email="alice@example.org")
    for number in range(MESSAGES):
        fields = f"In-Reply-To: <m{number - 1}@x.example>\r\n" if number % 3 == 1 else ""
        arrive(letter(number=f"m{number}", fields=fields), *spaces, at=AT)

    for kill in range(KILLS):
        assert machine.dies(*script(), at=f"mss.file.{place}@{1 + kill % 2}")
    machine.runs(*script(minutes=10))

    assert set(Arrival.objects.values_list("state", flat=True)) == {"filed"}
    assert not ArrivalAddress.objects.filter(filed_at=None).exists()
    for space in spaces:
        ids = list(Message.objects.filter(space_id=space.id).values_list("message_id", flat=True))
        assert sorted(ids) == sorted(f"m{number}@x.example" for number in range(MESSAGES))
    assert StoredFile.objects.count() == 2 * MESSAGES
    assert Notice.objects.count() == MESSAGES - MESSAGES // 3  # all runs lie in one half hour
    assert [(one.name, one.count) for one in findings(at=AT + LATER) if one.name.startswith("mss.") and one.count] == []
