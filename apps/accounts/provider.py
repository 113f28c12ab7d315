"""FranceConnect as a provider of allauth (registered by `provider_classes`)."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess, Provider, ProviderAccount
from django.conf import settings
from django.http import HttpRequest

from apps.accounts.franceconnect.flow import Proof


class FranceConnectAccount(ProviderAccount):  # type: ignore[misc]  # no types there
    """The account as allauth shows it: nothing of the person."""


class FranceConnectProvider(Provider):  # type: ignore[misc]  # no types there
    """Makes allauth's login of a proof. Accounts are keyed on (issuer, sub); no trait and no mail goes into them."""

    id = "franceconnect"
    name = "FranceConnect"
    account_class = FranceConnectAccount
    uses_apps = False

    @property
    def sub_id(self) -> str:
        """Key beside `sub`: the issuer, because FranceConnect and FranceConnect+ are two (IDN-28)."""
        return str(settings.FRANCECONNECT["issuer"])

    def login_of(self, proof: Proof, *, next_url: str) -> SocialLogin:
        login = self.sociallogin_from_response(self.request, proof)
        login.state = {"process": AuthProcess.LOGIN, "next": next_url}
        return login

    def extract_uid(self, data: Proof) -> str:
        return data.subject

    def extract_extra_data(self, data: Proof) -> dict[str, Any]:
        return {"acr": data.level}


def franceconnect(request: HttpRequest) -> FranceConnectProvider:
    """The provider for this request."""
    return FranceConnectProvider(request)


provider_classes = [FranceConnectProvider]
