"""One event a line, ids and codes only (SEC-22): what may be said is an allow-list of keys in apps.common.logs."""

from __future__ import annotations

from typing import Any

import structlog

from apps.common.logs import describe_exceptions, keep_allowed_keys, mask_identifiers, name_refusals
from ens_portal.settings import env
from ens_portal.settings.parts.database import PROCESS

# Commands speak on their own output; what they log are troubles.
LOG_LEVEL = env.text(
    "ENS_LOG_LEVEL",
    default="WARNING" if PROCESS == "command" else "INFO",
    choices=("DEBUG", "INFO", "WARNING", "ERROR"),
)
_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    describe_exceptions,
    name_refusals,
    keep_allowed_keys,
    mask_identifiers,
]
structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *_shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "structlog.stdlib.ProcessorFormatter",
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": _shared,
        }
    },
    "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stream"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": []},  # would mail the page of the debugger to ADMINS, with the values of every frame
        "django.server": {"handlers": [], "propagate": False},  # would print the address line with ids twice
        "django_structlog": {"level": LOG_LEVEL},
        "httpx": {"level": "WARNING"},  # both would log addresses and headers of the provider
        "httpcore": {"level": "WARNING"},
        "mail.log": {"level": "ERROR"},  # the library of the door would write addresses, which hold numbers of people
    },
}
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None
