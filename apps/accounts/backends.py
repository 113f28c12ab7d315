"""How Django finds the user of a session."""

from __future__ import annotations

from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from apps.accounts.models import User


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]  # no types there
    """Loads the identity with the user: every page names the person. There is no password sign-in in this version."""

    def authenticate(self, *args: object, **kwargs: object) -> None:
        """Never: people come from a provider."""

    def get_user(self, user_id: UUID | str) -> User | None:
        return User.objects.select_related("identity").filter(pk=user_id, is_active=True).first()
