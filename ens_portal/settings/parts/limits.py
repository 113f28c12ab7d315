"""Rate limits (security.md 5, SEC-09): the one table. `apps.common.limits` counts, docs/domain/limits.md explains."""

from __future__ import annotations

from ens_portal.settings import env

# Act and kind of key -> tries within seconds.
LIMITS = {
    "sign_in_address": env.rate("ENS_LIMIT_SIGN_IN_ADDRESS", default="30/1m"),
    "password_account": env.rate("ENS_LIMIT_PASSWORD_ACCOUNT", default="5/15m"),
    "password_address": env.rate("ENS_LIMIT_PASSWORD_ADDRESS", default="20/15m"),
    "recovery_account": env.rate("ENS_LIMIT_RECOVERY_ACCOUNT", default="5/1h"),
    "recovery_address": env.rate("ENS_LIMIT_RECOVERY_ADDRESS", default="20/1h"),
    "delegate_search": env.rate("ENS_LIMIT_DELEGATE_SEARCH", default="10/1h"),
    "trial_mail": env.rate("ENS_LIMIT_TRIAL_MAIL", default="3/1h"),
    "opposition_address": env.rate("ENS_LIMIT_OPPOSITION_ADDRESS", default="20/1h"),
    "opposition_everybody": env.rate("ENS_LIMIT_OPPOSITION_EVERYBODY", default="200/1m"),
    "receipt_address": env.rate("ENS_LIMIT_RECEIPT_ADDRESS", default="20/1h"),
    "notice_resend_address": env.rate("ENS_LIMIT_NOTICE_RESEND_ADDRESS", default="10/1h"),
    "activation_number": env.rate("ENS_LIMIT_ACTIVATION_NUMBER", default="5/24h"),
    "activation_mail": env.rate("ENS_LIMIT_ACTIVATION_MAIL", default="3/1h"),
    "operator_search": env.rate("ENS_LIMIT_OPERATOR_SEARCH", default="60/1h"),
    "operator_person": env.rate("ENS_LIMIT_OPERATOR_PERSON", default="60/1h"),
    "download_session": env.rate("ENS_LIMIT_DOWNLOAD_SESSION", default="300/1h"),
    "picture_session": env.rate("ENS_LIMIT_PICTURE_SESSION", default="600/10m"),
    "mss_send": env.rate("ENS_LIMIT_MSS_SEND", default="20/1h"),
    "mss_door_domain": env.rate("ENS_LIMIT_MSS_DOOR_DOMAIN", default="20000/1h"),
    "mss_door_sender": env.rate("ENS_LIMIT_MSS_DOOR_SENDER", default="1000/1h"),
    "mss_pharmacy": env.rate("ENS_LIMIT_MSS_PHARMACY", default="5/24h"),
    "publisher_sign_up": env.rate("ENS_LIMIT_PUBLISHER_SIGN_UP", default="3/1h"),
    "publisher_join": env.rate("ENS_LIMIT_PUBLISHER_JOIN", default="5/24h"),
    "publisher_address": env.rate("ENS_LIMIT_PUBLISHER_ADDRESS", default="20/1h"),
    "publisher_upload": env.rate("ENS_LIMIT_PUBLISHER_UPLOAD", default="60/1h"),
    "open_data_address": env.rate("ENS_LIMIT_OPEN_DATA_ADDRESS", default="120/1m"),
    "report_address": env.rate("ENS_LIMIT_REPORT_ADDRESS", default="10/1h"),
    "report_account": env.rate("ENS_LIMIT_REPORT_ACCOUNT", default="10/24h"),
}
# Acts that need no guess and open no door: they go on while the counters are away. All others are refused then.
LIMITS_OPEN_WHEN_AWAY = frozenset(
    {
        "sign_in_address", "download_session", "picture_session", "mss_send", "mss_door_domain", "mss_door_sender",
        "open_data_address", "publisher_upload",
    }
)  # fmt: skip
# There is really no proxy in front: without this, production refuses ENS_TRUSTED_PROXY_COUNT=0.
NO_PROXY = env.flag("ENS_NO_PROXY", default=False)
