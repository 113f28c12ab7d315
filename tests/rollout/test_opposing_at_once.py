"""Two tabs, a double click, an opening that is under way: one opposition, or nothing and a word (REL-09, REL-21)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from apps.rollout.models import Capacity, Channel, EligiblePerson, Opposition, PersonTransition
from apps.rollout.services import opposing
from apps.rollout.services.wishes import NotConcernedError, Wish
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.racing import together
from tests.rollout.visiting import Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("noon")]
State = EligiblePerson.State
WISH = Wish(channel=Channel.ONLINE, capacity=Capacity.SELF, received_at=NOON)


def test_rel_21_two_clicks_at_once_are_one_opposition():
    person = factories.person()
    factories.noticed(person)
    made: list[Opposition] = []

    together(*[lambda: made.append(opposing.oppose(person_id=person.pk, wish=WISH, at=NOON)) for _tab in range(4)])

    assert len({row.pk for row in made}) == 1
    assert len(made) == 4
    assert Opposition.objects.count() == PersonTransition.objects.count() == 1


def test_rel_21_opposing_and_asking_at_once_leave_one_clear_state():
    """Whoever comes second sees what the first one did."""
    person = factories.person()
    factories.noticed(person)
    refused: list[Exception] = []

    def ask() -> None:
        try:
            opposing.ask_opening(person_id=person.pk, wish=WISH, at=NOON)
        except NotConcernedError as error:
            refused.append(error)

    together(ask, lambda: opposing.oppose(person_id=person.pk, wish=WISH, at=NOON))

    assert EligiblePerson.objects.get().state == State.OPPOSED
    assert Opposition.objects.filter(withdrawn_at=None).count() == 1


@pytest.fixture
def somebody_opens() -> Iterator[EligiblePerson]:
    """A person whose row another transaction holds."""
    person = factories.person()
    _notice, person.code = factories.noticed(person)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT FROM rollout_eligibleperson WHERE identity_id = %s FOR UPDATE", [person.pk])
    yield person
    other.close()


def test_o_05_while_the_row_is_held_nothing_is_lost_and_nothing_recorded(somebody_opens):
    visitor = Visitor()
    visitor.to_check(somebody_opens.code)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")

    visitor.post("opposition_check")

    assert visitor.path == "/opposition/verifier/"
    assert "Pas encore enregistré" in visitor.text
    assert "Confirmer mon opposition" in visitor.text
    assert Opposition.objects.count() == 0
