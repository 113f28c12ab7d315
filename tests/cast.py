"""The people of the tests, one for each way of standing towards a space.

Alice holds a space, Bob another one. Rosa represents Léa, her child; Marc did. Diane helps Alice; Émile did. Paul is
a professional with no consent of Alice and no page of his in this version. Pia works for a publisher, signed in as
such. Sam is an operator, Ines holds every role of the back office of the store; both are signed in as staff.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from apps.access import Role
from apps.accounts import sessions
from apps.accounts.levels import TWO_FACTORS
from apps.accounts.models import User
from apps.dmp.models import Document
from apps.spaces.models import HealthSpace
from apps.store.policies import REVIEW
from tests import factories
from tests.dmp.factories import filed
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.store import factories as store_factories

SERVICES = ["dmp", "mss", "store"]  # so that pages of each of them are reached


class Who(StrEnum):
    """Columns of the matrix of addresses (SEC-01)."""

    VISITOR = "visitor"
    HOLDER = "holder"
    OTHER_HOLDER = "other_holder"
    PARENT = "parent"
    EX_PARENT = "ex_parent"
    DELEGATE = "delegate"
    EXPIRED_DELEGATE = "expired_delegate"
    PROFESSIONAL = "professional"
    PUBLISHER = "publisher"
    STAFF = "staff"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """`users` by column; the visitor has none. `space` is Alice's, `child_space` Léa's, each with one document."""

    users: dict[Who, User]
    space: HealthSpace
    child_space: HealthSpace
    document: Document
    child_document: Document

    def space_for(self, who: Who) -> HealthSpace:
        """The space whose pages the person tries to reach."""
        return self.child_space if who in {Who.PARENT, Who.EX_PARENT} else self.space

    def document_for(self, who: Who) -> Document:
        return self.child_document if who in {Who.PARENT, Who.EX_PARENT} else self.document


def make_cast() -> Cast:
    """Everybody, with their rights as they are at NOON."""
    people = {
        Who.HOLDER: factories.identity(),
        Who.OTHER_HOLDER: factories.identity(first_given_name="BOB", birth_given_names="BOB", sex="M"),
        Who.PARENT: factories.identity(first_given_name="ROSA", birth_given_names="ROSA"),
        Who.EX_PARENT: factories.identity(first_given_name="MARC", birth_given_names="MARC", sex="M"),
        Who.DELEGATE: factories.identity(first_given_name="DIANE", birth_given_names="DIANE"),
        Who.EXPIRED_DELEGATE: factories.identity(first_given_name="EMILE", birth_given_names="EMILE", sex="M"),
        Who.PROFESSIONAL: factories.identity(first_given_name="PAUL", birth_given_names="PAUL", sex="M"),
    }
    space = factories.space(person=people[Who.HOLDER], services=SERVICES)
    child_space = factories.space(person=factories.child_identity(), services=SERVICES)
    factories.space(person=people[Who.OTHER_HOLDER])
    factories.representation(of=child_space, person=people[Who.PARENT])
    factories.representation(
        of=child_space, person=people[Who.EX_PARENT], capacity="PERE", ended_at=NOON - timedelta(seconds=1)
    )
    opened = {"documents": "manage", "history": "read"}
    factories.delegation(of=space, person=people[Who.DELEGATE], sections=opened)
    factories.delegation(of=space, person=people[Who.EXPIRED_DELEGATE], ends_at=NOON)
    factories.professional(family_name="MARTIN", given_name="PAUL")
    users = {who: factories.user(person=person) for who, person in people.items()}
    return Cast(
        users={
            **users,
            Who.PUBLISHER: store_factories.member().user,
            Who.STAFF: factories.staff(),
            Who.REVIEWER: factories.staff(*sorted(REVIEW)),
        },
        space=space,
        child_space=child_space,
        document=filed(space),
        child_document=filed(child_space, unique_id="1.2.250.1.999.2"),
    )


def sign_in(client: PortalClient, user: User, *, level: str = "eidas2") -> None:
    """Give the client a session of this person, as a sign-in of that level would have left it (SEC-34).

    Members of the staff and publishers get the session of their role, which has a level of its own.
    """
    is_staff = user.staff_memberships.exists()
    is_publisher = user.has_usable_password() and user.identity_id is None and not is_staff
    session = sessions.SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[sessions.LEVEL] = TWO_FACTORS if is_staff or is_publisher else level
    session[sessions.ROLE] = (Role.STAFF if is_staff else Role.PUBLISHER if is_publisher else Role.HOLDER).value
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""


def client_of(user: User | None, *, level: str = "eidas2") -> PortalClient:
    """A browser of its own; a visitor's without a user."""
    client = PortalClient()
    if user is not None:
        sign_in(client, user, level=level)
    return client
