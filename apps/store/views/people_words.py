"""How people of the back office and of publishers are called on pages of the back office."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.store.models import Member


def called(user: User | None) -> str:
    """Name of an account: of its identity, else its address; the account itself where there is neither."""
    if user is None:
        return _("nobody")
    if user.identity is not None:
        return user.identity.display_name
    return user.email or _("account %(id)s") % {"id": str(user.pk)[-8:]}


def names_of(actors: Iterable[str | UUID]) -> Mapping[str, str]:
    """Names behind ids of accounts, jobs among them left out: two queries. Members of a publisher say theirs."""
    ids = [user_id for actor in actors if (user_id := _as_id(actor)) is not None]
    users = {str(user.pk): called(user) for user in User.objects.select_related("identity").filter(pk__in=ids)}
    members = Member.objects.filter(user_id__in=ids).order_by("started_at", "pk").values_list("user_id", "name")
    return {**users, **{str(user_id): name for user_id, name in members}}


def name_of(actor: str) -> str:
    """One of them; « the portal » for a job."""
    return names_of([actor]).get(actor, _("the portal"))


def _as_id(actor: str | UUID) -> UUID | None:
    try:
        return actor if isinstance(actor, UUID) else UUID(actor)
    except ValueError:
        return None  # the name of a job
