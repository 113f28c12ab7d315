"""What we allow allauth to do: no sign-up, no mail matching, no messages of its own (SEC-17)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.accounts.provider import FranceConnectProvider


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # no types there
    """Accounts are made by `services`, from a proof of a provider."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing: our pages say what happened, in our words."""

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
