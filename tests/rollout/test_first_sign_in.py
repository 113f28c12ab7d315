from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from apps.accounts.events import SessionOpened, session_opened, tell_session_opened
from apps.accounts.models import SignInSession
from apps.accounts.services import open_session
from apps.accounts.sessions import SessionStore
from apps.audit.services import AuditEvent
from apps.common.ids import uuid7
from apps.rollout import tasks
from apps.rollout.jobs.first_sign_in import note_forgotten, note_sign_in
from apps.rollout.models import EligiblePerson, PersonTransition
from apps.spaces.models import HealthSpace
from tests import factories
from tests.accounts.conftest import *  # noqa: F403  the provider and the browser between
from tests.accounts.people import identity as known_identity
from tests.harness.clock import NOON
from tests.rollout import factories as rollout

pytestmark = pytest.mark.django_db
State = EligiblePerson.State
LATER = NOON + timedelta(minutes=3)


@pytest.fixture
def opened():
    """An open space that nobody has activated; its holder has an account."""
    person = rollout.person(state=State.OPEN)
    factories.user(person=person.identity)
    return factories.space(person=person.identity)


def activated_at(space):
    return HealthSpace.objects.get(pk=space.pk).account_activated_at


def session_of(user, *, level="eidas2", opened_at=NOON):
    return SignInSession.objects.create(
        pk=uuid7().hex * 2, data="", user=user, level=level, opened_at=opened_at, last_seen_at=opened_at,
        expires_at=opened_at + timedelta(minutes=15),
    )  # fmt: skip


def test_spa_09_the_first_sign_in_activates_the_open_space(opened):
    assert note_sign_in(identity_id=opened.identity_id, at=NOON) is True
    assert activated_at(opened) == NOON
    person = EligiblePerson.objects.get()
    assert person.state == State.OPEN_ACTIVE
    user_id = str(opened.identity.user.pk)
    assert list(PersonTransition.objects.values_list("from_state", "to_state", "actor", "channel")) == [
        ("OPEN", "OPEN_ACTIVE", user_id, "account")
    ]


def test_spa_09_the_line_stands_in_the_history_of_the_space(opened):
    note_sign_in(identity_id=opened.identity_id, at=NOON)
    line = AuditEvent.objects.get(action="spaces.space.activate")
    assert (line.scope_id, line.rule, line.actor_role) == (opened.pk, "SPA-09", "holder")
    assert line.facts == {"channel": "account", "first_sign_in": True}


def test_rel_01_the_second_sign_in_changes_nothing(opened):
    note_sign_in(identity_id=opened.identity_id, at=NOON)
    assert note_sign_in(identity_id=opened.identity_id, at=LATER) is False
    assert activated_at(opened) == NOON
    assert PersonTransition.objects.count() == 1
    assert AuditEvent.objects.filter(action="spaces.space.activate").count() == 1


def test_a_sign_in_from_before_the_opening_is_none():
    person = rollout.person(state=State.OPEN)
    space = factories.space(person=person.identity, opened_at=NOON)
    factories.user(person=person.identity)
    assert note_sign_in(identity_id=person.pk, at=NOON - timedelta(seconds=1)) is False
    assert activated_at(space) is None


@pytest.mark.parametrize("status", ["suspended", "closed"])
def test_a_space_that_is_not_open_is_not_activated(status):
    closed_at = NOON if status == "closed" else None
    space = factories.space(status=status, closed_at=closed_at)
    factories.user(person=space.identity)
    assert note_sign_in(identity_id=space.identity_id, at=NOON) is False


def test_nobody_without_a_space_is_moved():
    person = rollout.person()
    factories.user(person=person.identity)
    assert note_sign_in(identity_id=person.pk, at=NOON) is False
    person.refresh_from_db()
    assert person.state == State.ELIGIBLE


def test_spa_47_a_child_has_no_sign_in():
    space = factories.space(person=factories.child_identity())
    factories.user(person=space.identity)
    assert note_sign_in(identity_id=space.identity_id, at=NOON) is False


def test_spa_48_the_window_at_18_goes_on_beside_the_space(opened):
    person = EligiblePerson.objects.get()
    rollout.noticed(person)
    assert note_sign_in(identity_id=person.pk, at=NOON) is True
    person.refresh_from_db()
    assert person.state == State.NOTICE_SENT
    assert activated_at(opened) == NOON


def test_a_space_without_a_line_in_the_register_is_activated_all_the_same():
    space = factories.space()
    factories.user(person=space.identity)
    assert note_sign_in(identity_id=space.identity_id, at=NOON) is True


def test_rel_03_what_the_queue_lost_is_found_by_the_sessions(opened):
    session_of(opened.identity.user)
    assert note_forgotten(at=LATER) == 1
    assert activated_at(opened) == NOON
    assert note_forgotten(at=LATER) == 0


def test_sec_34_a_session_below_the_level_activates_nothing(opened, settings):
    settings.HOLDER_MIN_LEVEL = "eidas2"
    session_of(opened.identity.user, level="eidas1")
    assert note_forgotten(at=LATER) == 0
    session_of(opened.identity.user, level="eidas3")
    assert note_forgotten(at=LATER) == 1


class TestEvent:
    """From the sign-in to the queue."""

    def names(self, queue):
        return [(message.task, message.ids) for message in queue() if message.task.startswith("rollout.")]

    def test_spa_09_a_sign_in_is_queued_with_ids_alone(self, opened, queue, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            tell_session_opened(user=opened.identity.user, level="eidas2", at=NOON)
        ids = {"identity_id": str(opened.identity_id), "at": NOON.isoformat()}
        assert self.names(queue) == [("rollout.note_sign_in", ids)]

    def test_sec_34_below_the_level_nothing_is_queued(
        self, opened, queue, settings, django_capture_on_commit_callbacks
    ):
        settings.HOLDER_MIN_LEVEL = "eidas2"
        with django_capture_on_commit_callbacks(execute=True):
            tell_session_opened(user=opened.identity.user, level="eidas1", at=NOON)
            tell_session_opened(user=opened.identity.user, level="factors", at=NOON)
        assert self.names(queue) == []

    def test_a_user_without_identity_tells_nothing(self, queue, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            tell_session_opened(user=factories.user(), level="eidas2", at=NOON)
        assert self.names(queue) == []

    def test_a_sign_in_that_is_rolled_back_tells_nothing(self, opened, queue, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            tell_session_opened(user=opened.identity.user, level="eidas2", at=NOON)
            transaction.set_rollback(True)
        assert self.names(queue) == []

    def test_a_receiver_that_fails_undoes_no_sign_in(self, opened, django_capture_on_commit_callbacks):
        def broken(**_signal):
            raise RuntimeError

        session_opened.connect(broken)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                tell_session_opened(user=opened.identity.user, level="eidas2", at=NOON)
        finally:
            session_opened.disconnect(broken)

    def test_the_event_holds_ids_level_and_hour(self):
        fields = SessionOpened.__dataclass_fields__
        assert set(fields) == {"user_id", "identity_id", "level", "at"}

    def test_the_task_does_what_the_event_says(self, opened):
        tasks.note_sign_in(identity_id=str(opened.identity_id), at=NOON.isoformat())
        assert activated_at(opened) == NOON


def test_spa_09_a_passkey_is_a_sign_in_like_another(opened, queue, rf, django_capture_on_commit_callbacks):
    request = rf.get("/")
    session = SignInSession.Means.PASSKEY
    request.session = SessionStore()
    with django_capture_on_commit_callbacks(execute=True):
        open_session(request=request, user=opened.identity.user, means=session, level="eidas2", at=NOON)
    assert [message.task for message in queue() if message.task.startswith("rollout.")] == ["rollout.note_sign_in"]


def test_spa_09_franceconnect_tells_the_roll_out(visitor, queue):
    person = known_identity()
    factories.space(person=person)
    visitor.sign_in()
    found = [message.ids["identity_id"] for message in queue() if message.task == "rollout.note_sign_in"]
    assert found == [str(person.pk)]
