"""One test reads every name of allauth that security.md 4 lists, from allauth itself (SEC-15, SEC-18)."""

from __future__ import annotations

import pytest
from allauth.account import app_settings as account
from allauth.account.adapter import get_adapter
from allauth.mfa import app_settings as mfa
from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.socialaccount import app_settings as social
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.urls import NoReverseMatch, reverse


def test_sec_18_settings_are_read_by_allauth_as_we_mean_them():
    found = {
        "enumeration": account.PREVENT_ENUMERATION,
        "reauthentication": (account.REAUTHENTICATION_REQUIRED, account.REAUTHENTICATION_TIMEOUT),
        "verification": account.EMAIL_VERIFICATION,
        "logout": (account.LOGOUT_ON_GET, account.LOGOUT_ON_PASSWORD_CHANGE),
        "remember": account.SESSION_REMEMBER,
        "notifications": account.EMAIL_NOTIFICATIONS,
        "social": (social.LOGIN_ON_GET, social.AUTO_SIGNUP, social.EMAIL_AUTHENTICATION, social.STORE_TOKENS),
        "types": mfa.SUPPORTED_TYPES,
        "passkeys": (mfa.PASSKEY_LOGIN_ENABLED, mfa.PASSKEY_SIGNUP_ENABLED),
        "webauthn": (mfa.WEBAUTHN_ALLOW_INSECURE_ORIGIN, mfa.WEBAUTHN_USER_VERIFICATION),
        "totp": (mfa.TOTP_TOLERANCE, mfa.TOTP_INSECURE_BYPASS_CODE),
        "codes": mfa.RECOVERY_CODES_SHOW_ONCE,
        "trust": mfa.TRUST_ENABLED,
        "proxies": settings.ALLAUTH_TRUSTED_PROXY_COUNT,
    }
    assert found == {
        "enumeration": "strict",
        "reauthentication": (True, 300),
        "verification": "mandatory",
        "logout": (False, True),
        "remember": False,
        "notifications": True,
        "social": (False, False, False, False),
        "types": ["totp", "webauthn", "recovery_codes"],
        "passkeys": (True, False),
        "webauthn": (False, "required"),
        "totp": (1, None),
        "codes": True,
        "trust": False,
        "proxies": settings.TRUSTED_PROXY_COUNT,
    }
    assert set(account.RATE_LIMITS) >= {"login", "login_failed", "reset_password"}
    assert not hasattr(settings, "MFA_TOTP_INSECURE_BYPASS_CODE")


def test_sec_18_adapters_are_ours_and_steps_of_allauth_are_not_used():
    assert type(mfa_adapter()).__module__ == type(get_adapter()).__module__ == "apps.accounts.adapters"
    assert get_adapter().get_login_stages() == []
    assert get_adapter().is_open_for_signup(None) is False


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "mfa_index",
        "mfa_authenticate",
        "mfa_login_webauthn",
    ],
)
def test_pages_of_allauth_have_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_sec_18_passwords_and_keys():
    assert get_hasher().algorithm == "argon2"
    assert settings.PASSWORD_RESET_TIMEOUT == 1800
    assert settings.AUTH_PASSWORD_VALIDATORS[0]["OPTIONS"] == {"min_length": 12}


def test_sec_15_sessions_of_roles():
    assert settings.SESSION_LIMITS == {"publisher": (1800, 43200)}
    assert (settings.SESSION_IDLE_SECONDS, settings.SESSION_ABSOLUTE_SECONDS) == (900, 28800)
