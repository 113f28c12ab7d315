"""What we allow allauth to do: no sign-up, no mail matching, no messages of its own (SEC-17)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import pgettext

from apps.accounts import seeds
from apps.accounts.provider import FranceConnectProvider


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # no types there
    """Accounts are made by `services`, from a proof of a provider."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing: our pages say what happened, in our words."""

    def get_login_stages(self) -> list[str]:
        """None: a provider's proof has its level, and the steps of the identifier come before the sign-in (S-04)."""
        return []

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Write to nobody: `security_events` says what happened and `notifications` tells it."""

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:  # noqa: ARG002
        return redirect("accounts:sign_in_help")


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # no types there
    """Same for accounts of providers."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        return False

    def authenticate_by_email(self, login: SocialLogin) -> None:
        """Never: a mail address is no key (SPA-57, T-13)."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:  # noqa: ANN401
        if provider == settings.FRANCECONNECT["issuer"]:
            return FranceConnectProvider(request)
        return super().get_provider(request, provider, client_id=client_id)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # no types there
    """Seeds lie closed in the rows of allauth (SEC-18, decisions 42)."""

    def encrypt(self, text: str) -> str:
        return seeds.closed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return seeds.opened(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site a passkey is bound to: that of the settings, whatever the request calls itself."""
        return {"id": urlsplit(settings.PORTAL_URL).hostname or "", "name": pgettext("product name", "Health space")}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """What the device shows in its list; the id is no name and no address."""
        name = getattr(user, "email", "") or pgettext("product name", "Health space")
        return {"id": user_pk_to_url_str(user).encode(), "display_name": name, "name": name}
