"""Notices of a wave: who reads them, one code a person, capacity of the day, stop and pause."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.rollout.codes import code_of, mac_of
from apps.rollout.jobs import preparing
from apps.rollout.models import EligiblePerson, Notice, NoticeCode, PersonTransition, StopOrder, Wave
from tests import factories
from tests.harness.clock import NOON
from tests.rollout import factories as rows

pytestmark = pytest.mark.django_db

AT = NOON
TODAY = AT.date()
Hold, State = EligiblePerson.Hold, EligiblePerson.State


def wave(**values):
    return rows.wave(**{"first_send_on": TODAY, **values})


def notices_of(person):
    return sorted(Notice.objects.filter(person=person).order_by("pk"), key=lambda one: str(one.reader_id or ""))


def test_spa_02_an_adult_with_an_address_gets_one_mail_with_one_code():
    person = rows.person(wave=wave())

    done = preparing.prepare_due(at=AT)

    person.refresh_from_db()
    (notice,) = notices_of(person)
    code = NoticeCode.objects.get()
    assert (done.people, done.mails, done.letters, done.held) == (1, 1, 0, 0)
    assert person.state == State.NOTICE_QUEUED
    assert (notice.kind, notice.key, notice.channel, notice.state) == ("first", "first", "mail", "prepared")
    assert (notice.reader, notice.wave_id, notice.code_id) == (None, person.wave_id, code.pk)
    assert (notice.prepared_at, notice.due_at, notice.sent_at) == (AT, AT, None)
    assert notice.message_id.startswith("<")
    assert (code.person_id, code.issued_at, code.ended_at) == (person.pk, AT, None)
    assert bytes(code.mac) == mac_of(code_of(code.pk))


def test_rol_20_the_step_is_written_down():
    person = rows.person(wave=wave())

    preparing.prepare_due(at=AT)

    step = PersonTransition.objects.get()
    assert (step.person_id, step.wave_id, step.actor) == (person.pk, person.wave_id, "rollout.prepare")
    assert (step.from_state, step.to_state, step.rule, step.at) == ("ELIGIBLE", "NOTICE_QUEUED", "SPA-02", AT)


def test_spa_02_by_post_without_an_address_or_by_the_wish_of_the_wave():
    running = wave()
    by_post = rows.person(wave=running, channel="courrier", mail="")
    wished = rows.person(wave=wave(channels=Wave.Channels.POST))

    done = preparing.prepare_due(at=AT)

    assert (done.mails, done.letters) == (0, 2)
    for person in (by_post, wished):
        (notice,) = notices_of(person)
        assert (notice.channel, notice.message_id) == ("post", "")


def test_spa_40_the_parent_of_the_file_reads_for_the_child_one_code_a_child():
    mother = rows.person(mail="mere@example.fr")
    running = wave()
    children = [
        rows.person(
            wave=running,
            identity=factories.child_identity(),
            situation="MINEUR",
            mail="",
            channel="courrier",
            rl1_number=mother.identity.ins_number,
            rl1_capacity="MERE",
        )
        for _ in range(2)
    ]

    preparing.prepare_due(at=AT)

    found = [notices_of(child) for child in children]
    assert [[notice.reader_id for notice in mine] for mine in found] == [[mother.pk], [mother.pk]]
    assert {notice.channel for mine in found for notice in mine} == {"mail"}  # hers, not the child's
    assert len({notice.code_id for mine in found for notice in mine}) == 2
    assert Notice.objects.filter(person=mother).count() == 0


def test_spa_40_the_second_parent_where_the_first_is_nobody_and_by_a_former_number():
    father = rows.person()
    father.identity.former_numbers.create(
        ins_number="1550144109999", authority=father.identity.authority, ended_at=AT - timedelta(days=900)
    )
    child = rows.person(
        wave=wave(),
        identity=factories.child_identity(),
        situation="MINEUR",
        rl1_number="2990144109999",
        rl1_capacity="MERE",
        rl2_number="1550144109999",
        rl2_capacity="PERE",
    )

    preparing.prepare_due(at=AT)

    assert [notice.reader_id for notice in notices_of(child)] == [father.pk]


@pytest.mark.parametrize("number", ["", "2990144109999", "own", "dead"])
def test_s25_a_child_without_a_known_representative_waits_and_nothing_goes_anywhere(number):
    dead = factories.identity(died_on=date(2020, 1, 1))
    identity = factories.child_identity()
    numbers = {"own": identity.ins_number, "dead": dead.ins_number}
    child = rows.person(
        wave=wave(),
        identity=identity,
        situation="MINEUR",
        rl1_number=numbers.get(number, number),
        rl1_capacity="MERE",
    )

    done = preparing.prepare_due(at=AT)

    child.refresh_from_db()
    assert (done.held, done.people) == (1, 0)
    assert (child.state, child.hold) == (State.ELIGIBLE, Hold.NO_REPRESENTATIVE)
    assert Notice.objects.count() == NoticeCode.objects.count() == 0


def test_s25_who_is_held_is_not_looked_at_again():
    rows.person(wave=wave(), situation="MINEUR", identity=factories.child_identity())
    preparing.prepare_due(at=AT)

    assert preparing.prepare_due(at=AT).held == 0


@pytest.mark.parametrize(("day", "reads_alone"), [(date(2035, 3, 19), False), (date(2035, 3, 20), True)])
def test_spa_48_a_minor_of_the_file_who_has_come_of_age_reads_alone(day, reads_alone):
    mother = rows.person()
    child = rows.person(
        wave=wave(),
        identity=factories.child_identity(birth_date="2017-03-20"),
        situation="MINEUR",
        rl1_number=mother.identity.ins_number,
        rl1_capacity="MERE",
    )

    preparing.prepare_due(at=AT.replace(year=day.year, month=day.month, day=day.day))

    assert [notice.reader_id for notice in notices_of(child)] == [None if reads_alone else mother.pk]


@pytest.mark.parametrize(
    ("measure", "both"),
    [
        ("TUTELLE", True),
        ("HABILITATION_FAMILIALE", True),
        ("CURATELLE_SIMPLE", False),
        ("CURATELLE_RENFORCEE", False),
        ("SAUVEGARDE", False),
    ],
)
def test_spa_50_spa_51_representation_tells_both_with_one_code_assistance_only_the_person(measure, both):
    tutor = rows.person(mail="", channel="courrier")
    person = rows.person(
        wave=wave(),
        situation="MAJEUR_PROTEGE",
        measure=measure,
        rl1_number=tutor.identity.ins_number,
        rl1_capacity="TUTEUR",
    )

    preparing.prepare_due(at=AT)

    mine = notices_of(person)
    assert [notice.reader_id for notice in mine] == [None, tutor.pk][: 1 + both]
    assert [notice.channel for notice in mine] == ["mail", "post"][: 1 + both]
    assert len({notice.code_id for notice in mine}) == NoticeCode.objects.count() == 1


def test_spa_50_a_protected_adult_whose_tutor_is_unknown_is_written_to_all_the_same():
    person = rows.person(wave=wave(), situation="MAJEUR_PROTEGE", measure="TUTELLE", rl1_number="1550144109999")

    preparing.prepare_due(at=AT)

    assert [notice.reader_id for notice in notices_of(person)] == [None]


def test_nobody_is_forgotten_who_has_no_address_at_all():
    person = rows.person(wave=wave(), mail="", channel="courrier", street="", post_code="", city="")

    done = preparing.prepare_due(at=AT)

    person.refresh_from_db()
    assert (done.held, person.state, person.hold) == (1, State.ELIGIBLE, Hold.RETURNED)


@pytest.mark.parametrize(
    "left_out",
    [
        {"state": "OPPOSED"},
        {"state": "NOT_ELIGIBLE"},
        {"hold": "claim"},
        {"double_of": True},
        {"died": True},
        {"wave": None},
    ],
)
def test_those_who_wait_for_something_else_get_nothing(left_out):
    values = {"wave": wave(), **left_out}
    if values.pop("died", False):
        values["identity"] = factories.identity(died_on=date(2026, 1, 5))
    if values.get("double_of"):
        values["double_of"] = factories.identity()
    rows.person(**values)

    assert preparing.prepare_due(at=AT).people == 0
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(
    "values",
    [
        {"state": "draft"},
        {"state": "cancelled"},
        {"paused_at": AT},
        {"first_send_on": TODAY + timedelta(days=1)},
    ],
)
def test_rol_12_only_waves_that_run(values):
    rows.person(wave=wave(**values))

    assert preparing.prepare_due(at=AT).people == 0


@pytest.mark.parametrize("state", ["window", "opening", "closed"])
def test_whoever_becomes_free_later_is_written_to(state):
    rows.person(wave=wave(state=state, closed_at=AT if state == "closed" else None))

    assert preparing.prepare_due(at=AT).people == 1


def test_a_wave_that_is_approved_begins_on_its_first_day():
    rows.person(wave=wave(state="approved"))

    assert preparing.prepare_due(at=AT).people == 1


@pytest.mark.parametrize("everything", [True, False])
def test_rel_10_a_stop_halts_the_next_slice(everything):
    running = wave()
    rows.person(wave=running)
    other = rows.person(wave=wave(number=900))
    StopOrder.objects.create(
        wave=None if everything else running, reason="Essai", ordered_by=running.author, ordered_at=AT
    )

    preparing.prepare_due(at=AT)

    assert list(Notice.objects.values_list("person_id", flat=True)) == ([] if everything else [other.pk])


def test_the_capacity_of_a_day_is_counted_by_channel_from_the_rows():
    running = wave(mails_a_day=2, letters_a_day=1)
    for _ in range(3):
        rows.person(wave=running)
        rows.person(wave=running, mail="", channel="courrier")

    first = preparing.prepare_due(at=AT)
    again = preparing.prepare_due(at=AT + timedelta(hours=5))
    next_day = preparing.prepare_due(at=AT + timedelta(days=1))

    assert (first.mails, first.letters) == (2, 1)
    assert (again.mails, again.letters) == (0, 0)
    assert (next_day.mails, next_day.letters) == (1, 1)


def child_of(parent, **values):
    return rows.person(
        identity=factories.child_identity(), situation="MINEUR", mail="", channel="courrier",
        rl1_number=parent.identity.ins_number, rl1_capacity="MERE", **values,
    )  # fmt: skip


@pytest.mark.parametrize("full", ["mails", "letters"])
def test_who_waits_for_a_full_way_is_not_read_by_every_run_of_the_day(full):
    capacity = {"mails_a_day": 10, "letters_a_day": 10} | {f"{full}_a_day": 1}
    running, by_mail, by_post = wave(**capacity), rows.person(), rows.person(mail="", channel="courrier")
    mail, post = {"mail": "a@example.fr", "channel": "courriel"}, {"mail": "", "channel": "courrier"}
    waits, fits = (mail, post) if full == "mails" else (post, mail)
    readers = (by_mail, by_post) if full == "mails" else (by_post, by_mail)
    first = rows.person(wave=running, **waits)
    rows.person(wave=running, **waits)
    child_of(readers[0], wave=running)
    others = [rows.person(wave=running, **fits), child_of(readers[1], wave=running)]

    preparing.prepare_due(at=AT)
    with CaptureQueriesContext(connection) as queries:
        again = preparing.prepare_due(at=AT + timedelta(hours=1))

    assert set(Notice.objects.values_list("person_id", flat=True)) == {first.pk, *(one.pk for one in others)}
    assert again.people == 0
    assert not [query for query in queries if "t.reader_id" in query["sql"]]
    assert preparing.prepare_due(at=AT + timedelta(days=1)).people == 1


def test_rel_01_a_second_run_prepares_nothing_twice(monkeypatch):
    monkeypatch.setattr(preparing, "SLICE", 2)
    running = wave()
    people = [rows.person(wave=running) for _ in range(5)]

    assert preparing.prepare_due(at=AT).people == 5
    assert preparing.prepare_due(at=AT).people == 0
    assert Notice.objects.count() == NoticeCode.objects.count() == len(people)


def test_a_run_out_of_time_leaves_the_rest_to_the_next_one(monkeypatch):
    rows.person(wave=wave())

    assert preparing.prepare_due(at=AT, seconds=0).people == 0
    assert preparing.prepare_due(at=AT).people == 1


def test_sec_06_somebody_who_comes_back_has_one_live_code_and_a_notice_of_its_own():
    person = rows.person()
    _notice, _code = rows.noticed(person)
    person.wave, person.state = wave(), State.ELIGIBLE
    person.save()

    preparing.prepare_due(at=AT)

    assert NoticeCode.objects.filter(person=person).count() == 2
    live = NoticeCode.objects.get(person=person, ended_at=None)
    assert Notice.objects.get(code=live).key == f"first:{live.pk}"


def test_the_number_of_queries_does_not_follow_the_number_of_people():
    running = wave()
    rows.person(wave=running)
    with CaptureQueriesContext(
        connection,
    ) as one:
        preparing.prepare_due(at=AT)
    for _ in range(20):
        rows.person(wave=running)
    with CaptureQueriesContext(connection) as many:
        preparing.prepare_due(at=AT)

    assert len(many) == len(one)
