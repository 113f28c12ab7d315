"""REL-06: both nights of the clock change, 29 February, the year's end, and a clock that is set back.

Six weeks, the opening and the end of a code are instants that are stored or computed from stored ones: no space opens
early, no window gets shorter, no code comes back.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.models import StaffRole
from apps.common.dates import PARIS
from apps.rollout import services
from apps.rollout.jobs import preparing, sending
from apps.rollout.models import Capacity, Channel, EligiblePerson, Notice, NoticeCode, PersonTransition, StopOrder
from apps.rollout.services import identifying, opposing
from apps.rollout.services.identifying import EXPLAINED, Standing
from apps.rollout.services.wishes import Wish
from apps.rollout.window import last_day, window_end
from apps.spaces.models import HealthSpace
from tests import factories as people
from tests.notifications.relays import Box
from tests.rollout import factories

pytestmark = pytest.mark.django_db
State = EligiblePerson.State
MICRO = timedelta(microseconds=1)
SET_BACK = pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1)], ids=["one hour", "one day"])
SENT_AT = datetime(2026, 9, 14, 10, tzinfo=PARIS)
END = datetime(2026, 10, 26, 23, tzinfo=UTC)  # midnight of 27 October


def paris(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=PARIS, fold=fold)


# Sending, first instant after the window in UTC.
NIGHTS = [
    pytest.param(
        paris(2026, 9, 12, 10), datetime(2026, 10, 24, 22, tzinfo=UTC), id="ends as the last summer day begins"
    ),
    pytest.param(paris(2026, 9, 13, 10), datetime(2026, 10, 25, 23, tzinfo=UTC), id="ends after the day of 25 hours"),
    pytest.param(
        paris(2026, 2, 14, 10), datetime(2026, 3, 28, 23, tzinfo=UTC), id="ends as the first summer day begins"
    ),
    pytest.param(paris(2026, 2, 15, 10), datetime(2026, 3, 29, 22, tzinfo=UTC), id="ends after the day of 23 hours"),
    pytest.param(
        paris(2026, 10, 25, 2, 30), datetime(2026, 12, 6, 23, tzinfo=UTC), id="sent in the hour that is twice"
    ),
    pytest.param(
        paris(2026, 10, 25, 2, 30, fold=1), datetime(2026, 12, 6, 23, tzinfo=UTC), id="sent in it the second time"
    ),
    pytest.param(
        datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 5, 10, 22, tzinfo=UTC), id="sent as an hour is left out"
    ),
    pytest.param(paris(2028, 2, 29, 10), datetime(2028, 4, 11, 22, tzinfo=UTC), id="sent on 29 February"),
    pytest.param(paris(2028, 1, 17, 10), datetime(2028, 2, 28, 23, tzinfo=UTC), id="ends as 29 February begins"),
    pytest.param(paris(2027, 1, 17, 10), datetime(2027, 2, 28, 23, tzinfo=UTC), id="there is no 29 February"),
    pytest.param(paris(2026, 12, 31, 23, 59, 59), datetime(2027, 2, 11, 23, tzinfo=UTC), id="last second of a year"),
    pytest.param(paris(2027, 1, 1), datetime(2027, 2, 12, 23, tzinfo=UTC), id="first second of a year"),
    pytest.param(paris(2026, 11, 19, 10), datetime(2026, 12, 31, 23, tzinfo=UTC), id="ends with the year"),
]


@pytest.mark.parametrize(("sent_at", "end"), NIGHTS)
def test_rel_06_six_weeks_end_at_midnight_in_paris(sent_at: datetime, end: datetime):
    assert window_end(sent_at) == end
    assert last_day(end) == sent_at.astimezone(PARIS).date() + timedelta(days=42)


@pytest.mark.parametrize(("sent_at", "end"), NIGHTS)
def test_rel_06_a_space_opens_at_that_instant_and_not_before(sent_at: datetime, end: datetime):
    waited(sent_at)

    assert opened(end - MICRO) == 0
    assert opened(end) == 1


@pytest.mark.parametrize(("sent_at", "end"), NIGHTS)
def test_rel_06_a_code_acts_until_48_days_after_that_instant(sent_at: datetime, end: datetime):
    _notice, code = factories.noticed(factories.person(), sent_at=sent_at)

    assert tried(code, end + EXPLAINED - MICRO) == Standing.ACTS
    assert tried(code, end + EXPLAINED) is None


def test_rel_06_the_hour_that_is_twice_opens_once():
    waited(paris(2026, 9, 12, 10))

    assert [opened(paris(2026, 10, 25, 2, 30, fold=fold)) for fold in (0, 1)] == [1, 0]


@SET_BACK
def test_rel_06_before_the_opening_the_space_waits_for_its_instant_again(back: timedelta):
    waited(SENT_AT)

    assert opened(END - back) == 0
    assert opened(END - MICRO) == 0
    assert opened(END) == 1


@SET_BACK
def test_rel_06_after_the_opening_nothing_opens_again_and_nothing_is_undone(back: timedelta):
    who = waited(SENT_AT)
    opened(END)
    steps = list(PersonTransition.objects.order_by("id").values())

    assert opened(END - back) == opened(END) == 0

    assert HealthSpace.objects.get().opened_at == END
    assert list(PersonTransition.objects.order_by("id").values()) == steps
    factories.again(who)
    assert (who.state, who.state_at) == (State.OPEN, END)


@SET_BACK
def test_rel_06_a_prepared_mail_waits_and_its_six_weeks_run_from_the_sending(back: timedelta):
    factories.person(wave=factories.wave(first_send_on=SENT_AT.date()))
    preparing.prepare_due(at=SENT_AT)

    assert not sending.send_due(relay=Box(), at=SENT_AT - back)
    sending.send_due(relay=Box(), at=SENT_AT)

    assert Notice.objects.get().window_ends_at == END


@SET_BACK
def test_rel_06_a_mail_to_a_second_reader_never_makes_the_window_shorter(back: timedelta):
    who = waited(SENT_AT)
    first = Notice.objects.get()
    EligiblePerson.objects.filter(pk=who.pk).update(
        state=State.NOTICE_QUEUED, notice_sent_at=None, window_ends_at=None
    )  # until all readers were written to
    Notice.objects.create(
        person=who, wave=who.wave, code=first.code, kind=first.kind, key=first.key, channel=Notice.Channel.MAIL,
        reader=factories.person().identity, address="tutrice@example.fr", message_id="<second@localhost>",
        prepared_at=SENT_AT - back, due_at=SENT_AT - back,
    )  # fmt: skip

    assert sending.send_due(relay=Box(), at=SENT_AT - back) == {"sent": 1}

    factories.again(who)
    assert (who.notice_sent_at, who.window_ends_at) == (SENT_AT, END)


@SET_BACK
def test_rel_06_a_code_that_was_replaced_does_not_come_back(back: timedelta):
    _notice, code = factories.noticed(factories.person(), sent_at=SENT_AT)
    NoticeCode.objects.update(ended_at=SENT_AT + timedelta(days=5))

    assert tried(code, SENT_AT + timedelta(days=5) - back) == Standing.REPLACED


@SET_BACK
def test_rel_06_a_locked_code_stays_locked(back: timedelta):
    _notice, code = factories.noticed(factories.person(), sent_at=SENT_AT)
    locked_at = SENT_AT + timedelta(days=5)
    NoticeCode.objects.update(failures=5, locked_until=locked_at + timedelta(days=1))

    assert tried(code, locked_at - back) is None


@SET_BACK
def test_rel_06_a_stop_holds(back: timedelta):
    waited(SENT_AT)
    StopOrder.objects.create(
        reason="codes lost", ordered_by=people.staff(StaffRole.OPERATOR), ordered_at=END + timedelta(days=2)
    )

    assert opened(END + timedelta(days=2) - back) == 0


@SET_BACK
def test_rel_06_an_opposition_holds(back: timedelta):
    who = waited(SENT_AT)
    at = END + timedelta(days=2)  # the job was late
    wish = Wish(channel=Channel.ONLINE, capacity=Capacity.SELF, received_at=at, code=NoticeCode.objects.get())
    opposing.oppose(person_id=who.pk, wish=wish, at=at)

    assert opened(at - back) == opened(at) == 0


def waited(sent_at: datetime) -> EligiblePerson:
    """Somebody whose notice left then, in a wave that two people let open."""
    who = factories.person(wave=factories.opening_wave())
    factories.noticed(who, sent_at=sent_at)
    return who


def opened(at: datetime) -> int:
    return services.open_spaces(at=at).opened


def tried(code: str, at: datetime) -> Standing | None:
    found = identifying.identify(typed=code, birth_date="1984-06-14", address="192.0.2.1", at=at)
    return found.standing if found else None
