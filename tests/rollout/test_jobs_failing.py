"""Openings that fail: found by halving, told, tried again; the others go on (SPA-05, REL-07)."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection

from apps.rollout import services
from apps.rollout.jobs import failing, opening
from apps.rollout.jobs.openings import open_asked
from apps.rollout.models import EligiblePerson, Notice, Opposition, PersonTransition
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.test_jobs_due import asked, opposition, state_of, waited

pytestmark = pytest.mark.django_db
State = EligiblePerson.State
# The database refuses the spaces of some people, as a broken row would make it do.
REFUSE = """
    CREATE TABLE test_refused (identity_id uuid PRIMARY KEY, code text);
    CREATE FUNCTION test_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE refused text := (SELECT code FROM test_refused WHERE identity_id = NEW.identity_id);
    BEGIN
        IF refused IS NOT NULL THEN RAISE EXCEPTION 'ALICE MOREL' USING ERRCODE = refused; END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER test_refuse BEFORE INSERT ON spaces_healthspace FOR EACH ROW EXECUTE FUNCTION test_refuse();
"""


@pytest.fixture
def refuse(transactional_db):
    def refused(*people, code="23514"):
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO test_refused VALUES (%s, %s)", [(who.pk, code) for who in people])

    with connection.cursor() as cursor:
        cursor.execute(REFUSE)
    yield refused
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION test_refuse CASCADE")
        cursor.execute("DROP TABLE test_refused")


def heal():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM test_refused")


def crowd(number):
    wave = factories.opening_wave()
    return [waited(wave=wave) for _ in range(number)]


@pytest.mark.parametrize("places", [(0,), (6,), (12,), (3, 4), (0, 12), (0, 5, 6, 12)])
def test_spa_05_the_others_of_the_slice_are_opened(refuse, places):
    people = crowd(13)
    broken = [people[place] for place in places]
    refuse(*broken)

    result = services.open_spaces(at=NOON)

    assert (result.opened, result.failed, result.not_opened) == (13 - len(places), len(places), len(places))
    failed = EligiblePerson.objects.filter(state=State.OPEN_FAILED)
    assert set(failed.values_list("pk", "state_reason")) == {(who.pk, "sql-23514") for who in broken}
    assert HealthSpace.objects.count() == 13 - len(places)


def test_spa_05_a_failure_is_a_step_and_is_told_at_once(refuse):
    (who,) = crowd(1)
    refuse(who, code="22008")
    services.open_spaces(at=NOON)

    step = PersonTransition.objects.get()
    assert (step.from_state, step.to_state, step.rule, step.reason) == (
        "NOTICE_SENT", "OPEN_FAILED", "SPA-05", "sql-22008",
    )  # fmt: skip
    notice = Notice.objects.get(kind=Notice.Kind.FAILED_OPENING)
    assert (notice.person_id, notice.reader_id, notice.channel, notice.due_at) == (who.pk, None, "mail", NOON)
    assert notice.state == Notice.State.PREPARED


def test_spa_40_the_representative_of_a_minor_is_told_in_their_place(refuse):
    parent = factories.person()
    child = waited(situation="MINEUR", identity=portal.identity(birth_date="2017-03-20"), mail="", channel="courrier",
                   rl1_number=parent.identity.ins_number, rl1_capacity="MERE")  # fmt: skip
    refuse(child)
    services.open_spaces(at=NOON)

    notice = Notice.objects.get(kind=Notice.Kind.FAILED_OPENING)
    assert (notice.person_id, notice.reader_id, notice.channel) == (child.pk, parent.pk, "mail")


def test_spa_05_who_fails_again_is_told_once_and_opened_when_it_works(refuse):
    (who,) = crowd(1)
    refuse(who)
    results = [services.open_spaces(at=NOON) for _ in range(3)]
    assert [(one.opened, one.failed) for one in results] == [(0, 1), (0, 0), (0, 0)]
    assert Notice.objects.filter(kind=Notice.Kind.FAILED_OPENING).count() == 1

    heal()
    assert services.open_spaces(at=NOON).opened == 1
    assert state_of(who) == State.OPEN
    assert list(PersonTransition.objects.order_by("pk").values_list("to_state", "rule")) == [
        ("OPEN_FAILED", "SPA-05"),
        ("OPEN", "SPA-05"),
    ]


def test_a_failure_keeps_nobody_else_from_being_tried_again(refuse):
    broken, other = crowd(2)
    refuse(broken, other)
    services.open_spaces(at=NOON)
    heal()
    refuse(broken)

    assert services.open_spaces(at=NOON).opened == 1
    assert (state_of(broken), state_of(other)) == (State.OPEN_FAILED, State.OPEN)


def test_spa_10_an_opening_that_was_asked_for_may_fail_too(refuse):
    who = asked()
    refuse(who)
    result = open_asked(at=NOON)

    assert (result.opened, result.failed) == (0, 1)
    assert state_of(who) == State.OPEN_FAILED


def test_spa_21_an_opposition_lapses_although_the_opening_fails(refuse, settings):
    settings.DMP_TRANSITION_DAYS = 30
    who = factories.person(state=State.OPPOSED_DMP_KEPT, wave=factories.opening_wave())
    opposition(who)
    factories.asked_to_confirm(who)
    refuse(who)
    services.open_spaces(at=NOON)
    assert (state_of(who), Opposition.objects.get().withdrawn_at) == (State.OPEN_FAILED, NOON)

    heal()
    assert services.open_spaces(at=NOON).opened == 1


def test_rel_07_so_many_failures_are_our_fault_and_end_the_run(refuse, monkeypatch):
    monkeypatch.setattr(failing, "AT_MOST", 3)
    refuse(*crowd(5))

    with pytest.raises(failing.TooManyFailuresError):
        services.open_spaces(at=NOON)

    assert EligiblePerson.objects.filter(state=State.OPEN_FAILED).count() == 3
    assert Notice.objects.filter(kind=Notice.Kind.FAILED_OPENING).count() == 3


def test_rel_07_a_database_that_is_away_is_nobodys_failure(refuse):
    refuse(*crowd(2), code="53100")  # disk full

    with pytest.raises(OperationalError):
        services.open_spaces(at=NOON)

    assert not EligiblePerson.objects.filter(state=State.OPEN_FAILED).exists()


def test_somebody_who_moved_on_meanwhile_is_not_marked():
    who = factories.person(state=State.OPPOSED)

    assert not failing.mark_failed(person_id=who.pk, reason="sql-23514", actor=opening.ACTOR, at=NOON)
    assert state_of(who) == State.OPPOSED
