from __future__ import annotations

from ens_portal.settings import env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["apps.accounts.backends.SignInBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "journeys:choose_space"
PUBLISHER_REDIRECT_URL = "store:publisher_home"
SESSION_ENGINE = "apps.accounts.sessions"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"

FRANCECONNECT = {
    "issuer": env.text("FRANCECONNECT_ISSUER"),
    "client_id": env.text("FRANCECONNECT_CLIENT_ID"),
    "client_secret": env.secret("FRANCECONNECT_CLIENT_SECRET"),
    # Private key as a JWK (JSON); FranceConnect+ encrypts to it, FranceConnect does not encrypt (IDN-23).
    "decryption_key": env.secret("FRANCECONNECT_DECRYPTION_KEY", default="", least=0),
    "acr_values": env.text("FRANCECONNECT_ACR", default="eidas2", choices=("eidas1", "eidas2", "eidas3")),
}
# Substantial is asked of users since 2026-01-01 (IDN-35, SEC-34); low only in the demonstration.
HOLDER_MIN_LEVEL = env.text("ENS_HOLDER_MIN_LEVEL", default="eidas2", choices=("eidas1", "eidas2", "eidas3"))
SESSION_IDLE_SECONDS = env.number("ENS_SESSION_IDLE_SECONDS", default=900, least=60)
SESSION_ABSOLUTE_SECONDS = env.number("ENS_SESSION_ABSOLUTE_SECONDS", default=28_800, least=300)
# Idle and absolute limit of a role that differs from the two above (security.md 4).
SESSION_LIMITS = {"publisher": (1800, 43_200)}
SESSIONS_PER_PERSON = env.number("ENS_SESSIONS_PER_PERSON", default=5, least=1)

ACCOUNT_ADAPTER = "apps.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "apps.accounts.adapters.SocialAccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Pages of allauth have no address here: these count should one ever get some. Ours count by `LIMITS` (SEC-09).
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/15m/ip,5/15m/key",
    "reset_password": "20/h/ip,5/h/key",
}
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False

MFA_ADAPTER = "apps.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False  # browsers and the library take http://localhost without it
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TRUST_ENABLED = False
