"""SPA-52, REL-21: limits of relatives hold when two people say yes at the same time."""

from __future__ import annotations

from functools import partial

import pytest

from apps.spaces.models import Delegation
from apps.spaces.services import invitations
from apps.spaces.services.errors import InvitationFault, InvitationRefusedError
from tests import factories
from tests.harness.clock import NOON
from tests.security.test_rel_21_at_once import at_once
from tests.spaces.delegates import found, helper, holder_actor, invited, reader

pytestmark = pytest.mark.django_db(transaction=True)


def faults(results):
    return [result.fault for result in results if isinstance(result, InvitationRefusedError)]


def test_spa_52_two_invitations_at_once_for_the_last_place_are_one():
    space = factories.space()
    for _ in range(2):
        factories.delegation(of=space, person=factories.identity())
    actor = holder_actor(space)
    drafts = [found(space, helper().identity) for _ in range(2)]

    results = at_once(*(
        partial(invitations.send_invitation, actor=actor, search_id=draft.search_id, at=NOON) for draft in drafts
    ))  # fmt: skip

    assert faults(results) == [InvitationFault.HOLDER_LIMIT], results


def test_spa_52_two_acceptances_at_once_of_the_fifth_person_helped_are_one():
    user = helper()
    for _ in range(4):
        factories.delegation(of=factories.space(), person=user.identity)
    rows = [invited(factories.space(), user.identity) for _ in range(2)]

    results = at_once(*(
        partial(invitations.accept_invitation, reader=reader(user), invitation_id=row.id, at=NOON) for row in rows
    ))  # fmt: skip

    assert faults(results) == [InvitationFault.DELEGATE_LIMIT], results
    assert Delegation.objects.filter(person=user.identity).count() == 5


def test_rel_21_a_double_click_on_yes_is_one_delegation():
    user, space = helper(), factories.space()
    row = invited(space, user.identity)

    act = partial(invitations.accept_invitation, reader=reader(user), invitation_id=row.id, at=NOON)
    results = at_once(act, act)

    assert [result.answer for result in results] == ["accepted", "accepted"], results
    assert Delegation.objects.filter(space=space).count() == 1
