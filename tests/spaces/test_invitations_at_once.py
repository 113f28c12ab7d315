"""SPA-52, REL-21: limits of relatives hold when two people say yes at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction
from django.http import Http404, HttpResponse

from apps.audit.services import events_of
from apps.spaces import services
from apps.spaces.invariants import closed_with_running_right
from apps.spaces.middleware import SpaceMiddleware
from apps.spaces.models import Delegation, HealthSpace
from apps.spaces.services import delegations, invitations
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


def test_rel_21_a_double_click_on_stop_is_one_end():
    space = factories.space()
    row = factories.delegation(of=space, person=helper().identity)
    actor = holder_actor(space)

    act = partial(delegations.end_delegation, actor=actor, delegation_id=row.id, at=NOON)
    results = at_once(act, act, act, act)

    assert [result.ended_at for result in results] == [NOON] * 4, results
    assert events_of(space.id).filter(action="spaces.delegate.end").count() == 1


def test_spa_30_an_agreement_that_waits_for_a_closing_is_not_made():
    space, doctor = factories.space(), factories.professional()
    visit = services.Visit(space_id=space.id, national_id=doctor.national_id)

    def declare():
        try:
            return services.declare_consent(visit=visit, ends_at=None, at=NOON)
        except services.SpaceNotFoundError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            reason = HealthSpace.ClosureReason.HOLDER
            services.close_space(actor=factories.holder(space), space_id=space.id, reason=reason, at=NOON)
            waiting = pool.submit(declare)
            until_somebody_waits()
        result = waiting.result()

    assert closed_with_running_right(at=NOON) == 0
    assert isinstance(result, services.SpaceNotFoundError)


def until_somebody_waits():
    """The other connection has reached the lock that this one holds."""
    with connection.cursor() as cursor:
        found = 0
        while not found:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            (found,) = cursor.fetchone()


def test_sec_01_a_space_that_closes_during_a_request_is_a_page_that_does_not_exist(rf):
    middleware = SpaceMiddleware(lambda _request: HttpResponse())
    with pytest.raises(Http404):
        middleware.process_exception(rf.post("/"), services.SpaceNotFoundError())
    assert middleware.process_exception(rf.post("/"), ValueError()) is None
