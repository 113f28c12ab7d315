"""SEC-04, SEC-34, REL-22: rights and announcements end at their second, for pages, acts and files, with no job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from apps.common.dates import PARIS, PartialDate, one_month_after
from apps.dmp.models import Document
from apps.spaces.majority import majority_at
from apps.spaces.models import HealthSpace, ProfessionalBlock
from apps.spaces.services import Visit, block_professional, declare_consent, professional_actor
from tests import factories
from tests.cast import client_of
from tests.dmp.factories import Person, delegate_of, filed, holder_of, representative_of
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
NAMES = ("document_detail", "document_file", "document_hide", "document_unhide")


def answers(client: Client, row: Document) -> set[int]:
    """Status of every way to reach the document."""
    found = set()
    for name in NAMES:
        path = reverse(f"dmp:{name}", args=[row.space_id, row.id])
        found.add(client.get(path).status_code)
        if name in {"document_hide", "document_unhide"}:
            found.add(client.post(path).status_code)
    select = reverse("dmp:selection_hide", args=[row.space_id])
    found.add(client.post(select, {"document": str(row.id), "confirmation": "oui"}).status_code)
    return found


def space_answers(client: Client, space: HealthSpace) -> set[int]:
    names = ("journeys:dashboard", "journeys:access_history", "dmp:document_list", "dmp:timeline")
    return {client.get(reverse(name, args=[space.id])).status_code for name in names}


@pytest.mark.parametrize("person_of", [representative_of, delegate_of])
@pytest.mark.parametrize("column", ["ends_at", "ended_at"])
def test_sec_04_a_right_ends_at_its_second_on_every_page_and_act(person_of: Callable[..., Person], column: str):
    with time_machine.travel(NOON - 2 * SECOND, tick=False) as clock:
        space = factories.space()
        row = filed(space)
        client = person_of(space, **{column: NOON}).client
        clock.move_to(NOON - SECOND)
        assert answers(client, row) == {200, 302}
        assert space_answers(client, space) == {200}
        clock.move_to(NOON)
        assert answers(client, row) == space_answers(client, space) == {404}
        clock.move_to(NOON + SECOND)
        assert answers(client, row) == {404}


@pytest.mark.parametrize("person_of", [representative_of, delegate_of])
def test_sec_04_a_right_begins_at_its_second(person_of: Callable[..., Person]):
    with time_machine.travel(NOON - SECOND, tick=False) as clock:
        space = factories.space()
        row = filed(space)
        client = person_of(space, starts_at=NOON).client
        assert answers(client, row) == {404}
        clock.move_to(NOON)
        assert answers(client, row) == {200, 302}


@pytest.mark.parametrize("person_of", [holder_of, representative_of, delegate_of])
def test_rel_22_an_announcement_ends_at_its_second_on_every_page_and_act(person_of: Callable[..., Person]):
    with time_machine.travel(NOON - SECOND, tick=False) as clock:
        space = factories.space()
        row = filed(space)
        Document.objects.filter(id=row.id).update(concealed_until=NOON)
        client = person_of(space).client
        assert answers(client, row) == {404}
        row.refresh_from_db()
        assert row.hidden_at is None
        clock.move_to(NOON)
        assert answers(client, row) == {200, 302}


@pytest.mark.parametrize(
    ("filed_at", "seen_at"),
    [
        # Paris clock: the same hour one calendar month later, whatever the summer time does in between.
        (datetime(2026, 3, 1, 12, tzinfo=PARIS), datetime(2026, 4, 1, 10, tzinfo=UTC)),
        (datetime(2026, 10, 1, 12, tzinfo=PARIS), datetime(2026, 11, 1, 11, tzinfo=UTC)),
        (datetime(2026, 1, 31, 0, 30, tzinfo=PARIS), datetime(2026, 2, 27, 23, 30, tzinfo=UTC)),
        (datetime(2028, 1, 31, 0, 30, tzinfo=PARIS), datetime(2028, 2, 28, 23, 30, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=PARIS), datetime(2027, 1, 31, 22, 59, 59, tzinfo=UTC)),
        (datetime(2026, 2, 28, 2, 30, tzinfo=PARIS), datetime(2026, 3, 28, 1, 30, tzinfo=UTC)),
        (datetime(2027, 2, 28, 2, 30, tzinfo=PARIS), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # an hour that is not
        (
            datetime(2026, 9, 25, 2, 30, tzinfo=PARIS),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),  # twice there: the first
    ],
)
def test_acc_34_one_calendar_month_is_one_of_paris(filed_at, seen_at):
    assert one_month_after(filed_at).astimezone(UTC) == seen_at
    assert one_month_after(filed_at.astimezone(UTC)).astimezone(UTC) == seen_at


@pytest.mark.parametrize(
    ("born", "of_age"),
    [
        ("2008-11-25", datetime(2026, 11, 24, 23, tzinfo=UTC)),
        ("2008-07-14", datetime(2026, 7, 13, 22, tzinfo=UTC)),
        ("2008-02-29", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("2008-07-00", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2008-00-00", datetime(2025, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_sec_04_majority_is_midnight_in_paris(born, of_age):
    assert majority_at(PartialDate.parse(born)).astimezone(UTC) == of_age


def test_acc_02_consent_of_a_consultation_ends_at_its_second():
    """As the service builds the actor: the end is compared with the instant of the visit."""
    space, doctor = factories.space(), factories.professional()
    visit = Visit(space_id=space.id, national_id=doctor.national_id)
    declare_consent(visit=visit, ends_at=NOON, at=NOON - timedelta(hours=1))

    found = [professional_actor(visit=visit, at=NOON + step).has_consent for step in (-SECOND, timedelta(), SECOND)]

    assert found == [True, False, False]


def test_acc_10_unblocking_does_not_bring_the_consent_back():
    """The professional has to ask again (ACC-10): a consent from before the block is spent."""
    space, doctor = factories.space(), factories.professional()
    visit = Visit(space_id=space.id, national_id=doctor.national_id, organisation_id="1750803447")
    declare_consent(visit=visit, ends_at=None, at=NOON - timedelta(days=3))
    block_professional(actor=factories.holder(space), national_id=doctor.national_id, at=NOON - timedelta(days=2))
    ProfessionalBlock.objects.update(ended_at=NOON - timedelta(days=1))

    after = professional_actor(visit=visit, at=NOON)
    declare_consent(visit=visit, ends_at=None, at=NOON)
    again = professional_actor(visit=visit, at=NOON + SECOND)

    assert (after.rights.blocked, after.has_consent) == (False, False)
    assert again.has_consent


def test_acc_10_a_block_does_not_spend_the_consent_of_colleagues():
    space, doctor, colleague = factories.space(), factories.professional(), factories.professional()
    visit = Visit(space_id=space.id, national_id=doctor.national_id, organisation_id="1750803447")
    declare_consent(visit=visit, ends_at=None, at=NOON - timedelta(days=3))
    block_professional(actor=factories.holder(space), national_id=doctor.national_id, at=NOON - timedelta(days=2))

    found = professional_actor(
        visit=Visit(space_id=space.id, national_id=colleague.national_id, organisation_id="1750803447"), at=NOON
    )

    assert found.has_consent


@pytest.mark.parametrize(("minimum", "level", "status"), [
    ("eidas1", "eidas1", 200), ("eidas2", "eidas1", 302), ("eidas2", "eidas2", 200), ("eidas2", "eidas3", 200),
    ("eidas3", "eidas2", 302), ("eidas1", "", 302), ("eidas1", "eidas9", 302), ("eidas1", "EIDAS2", 302),
])  # fmt: skip
def test_sec_34_level_of_the_session_decides_for_pages_and_files(settings, minimum, level, status):
    settings.HOLDER_MIN_LEVEL = minimum
    with time_machine.travel(NOON, tick=False):
        space = factories.space()
        row = filed(space)
        client = client_of(factories.user(person=space.identity), level=level)

        assert space_answers(client, space) == {status}
        assert client.get(reverse("dmp:document_file", args=[space.id, row.id])).status_code == status
        if status == 302:
            assert answers(client, row) == {302}


def test_sec_04_a_right_without_an_end_names_no_day():
    """A measure of protection without a known end: no invented year on the home page."""
    with time_machine.travel(NOON, tick=False):
        space = factories.space()
        page = representative_of(space, ends_at=None).client.get(reverse("journeys:dashboard", args=[space.id]))

    assert "9999" not in page.content.decode()
