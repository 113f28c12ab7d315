"""Somebody who opposed although they had a DMP is asked to confirm it, as O-05 has told them (SPA-21)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.rollout import tasks
from apps.rollout.jobs import sending
from apps.rollout.jobs.confirming import ask_to_confirm
from apps.rollout.models import EligiblePerson, Notice
from apps.rollout.services import opposing
from tests.harness.clock import NOON
from tests.notifications.relays import Box
from tests.rollout.letters import family, parents_wish, waiting, wish

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def opposed(**values):
    person = waiting(**{"had_dmp": True, **values})
    return person, opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)


def requests():
    return list(Notice.objects.filter(kind=Notice.Kind.CONFIRM).order_by("pk"))


def test_spa_21_they_are_asked_once():
    person, opposition = opposed()

    assert [ask_to_confirm(at=NOON + hours * HOUR) for hours in (1, 2)] == [1, 0]
    (notice,) = requests()
    assert (notice.person_id, notice.reader, notice.channel, notice.key, notice.due_at) == (
        person.pk, None, "mail", f"confirm:{opposition.pk}", NOON + HOUR,
    )  # fmt: skip


def test_spa_21_the_mail_says_what_silence_means():
    opposed()
    ask_to_confirm(at=NOON + HOUR)
    box = Box()
    sending.send_due(relay=box, at=NOON + HOUR)

    (letter,) = box.letters
    assert "Sans confirmation, l'espace santé s'ouvrira à la fin de la période de transition." in letter.text


def test_spa_21_who_had_no_dmp_confirms_nothing():
    opposed(had_dmp=False)
    assert ask_to_confirm(at=NOON + HOUR) == 0


@pytest.mark.parametrize("act", [opposing.confirm, opposing.withdraw])
def test_who_has_chosen_since_is_not_asked(act):
    person, _opposition = opposed()
    act(person_id=person.pk, wish=wish(received_at=NOON + HOUR), at=NOON + HOUR)
    assert ask_to_confirm(at=NOON + DAY) == 0


def test_who_chooses_before_the_mail_leaves_is_not_asked():
    person, _opposition = opposed()
    ask_to_confirm(at=NOON)
    opposing.confirm(person_id=person.pk, wish=wish(), at=NOON)
    sending.send_due(relay=Box(), at=NOON)

    assert [(notice.state, notice.reason) for notice in requests()] == [("cancelled", "moved-on")]


def test_a_further_opposition_is_asked_about_anew():
    person, _opposition = opposed()
    ask_to_confirm(at=NOON + HOUR)
    opposing.withdraw(person_id=person.pk, wish=wish(received_at=NOON + DAY), at=NOON + DAY)
    opposing.oppose(person_id=person.pk, wish=wish(received_at=NOON + DAY), at=NOON + DAY + HOUR)

    assert ask_to_confirm(at=NOON + 2 * DAY) == 1
    assert len({notice.key for notice in requests()}) == 2


def test_spa_40_of_a_child_the_parent_is_asked():
    child, mother, _father = family()
    EligiblePerson.objects.filter(pk=child.pk).update(had_dmp=True, rl1_capacity="MERE")
    opposing.oppose(person_id=child.pk, wish=parents_wish(mother), at=NOON)

    assert ask_to_confirm(at=NOON + HOUR) == 1
    assert [notice.reader for notice in requests()] == [mother]


def test_decisions_7_a_contradiction_is_decided_first():
    person, _opposition = opposed()
    EligiblePerson.objects.filter(pk=person.pk).update(hold="conflict")
    assert ask_to_confirm(at=NOON + HOUR) == 0


def test_spa_36_nobody_asks_the_dead():
    person, _opposition = opposed()
    EligiblePerson.objects.filter(pk=person.pk).update(state="NOT_OPENED_DEATH")
    assert ask_to_confirm(at=NOON + HOUR) == 0


def test_who_can_be_written_to_nowhere_keeps_nobody_else_waiting():
    nowhere, _opposition = opposed(mail="", channel="courrier", street="")
    opposed()
    assert [ask_to_confirm(at=NOON + HOUR, at_most=1) for _ in range(2)] == [1, 0]

    EligiblePerson.objects.filter(pk=nowhere.pk).update(street="3 RUE DES ESSAIS")
    assert ask_to_confirm(at=NOON + DAY) == 1


def test_a_run_asks_so_many_at_most():
    for _ in range(3):
        opposed()
    assert [ask_to_confirm(at=NOON + HOUR, at_most=2) for _ in range(3)] == [2, 1, 0]


def test_the_task():
    opposed()
    tasks.ask_to_confirm()
    assert [notice.reader for notice in requests()] == [None]
