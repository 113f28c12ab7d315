from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from ens_portal.settings import env

WEB_STATEMENT_TIMEOUT_MS = 10_000  # security.md 4: 10 s web, 120 s worker
WORKER_STATEMENT_TIMEOUT_MS = 120_000


def database(url: str, *, pool: bool, timeout_ms: int) -> dict[str, Any]:
    """Django's description of one PostgreSQL address (libpq URL, sockets as `?host=/folder`)."""
    parts = conninfo_to_dict(url)
    options: dict[str, Any] = {"options": f"-c statement_timeout={timeout_ms} -c lock_timeout=2000 -c timezone=UTC"}
    if pool:
        options["pool"] = {"min_size": 2, "max_size": 8, "timeout": 10}
    for name in ("sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout"):
        if name in parts:
            options[name] = parts[name]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", ""),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": parts.get("port", ""),
        "CONN_MAX_AGE": 0 if pool else 60,  # the pool refuses anything but 0; it must not cross a fork
        "OPTIONS": options,
    }


PROCESS = env.text("ENS_PROCESS", default="command", choices=("web", "worker", "command"))
DATABASES = {
    "default": database(
        env.text("DATABASE_URL"),
        pool=PROCESS == "web",
        timeout_ms={"web": WEB_STATEMENT_TIMEOUT_MS, "worker": WORKER_STATEMENT_TIMEOUT_MS, "command": 0}[PROCESS],
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # services are atomic
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.text("CACHE_URL"),
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},  # a help, never a need: nobody waits for it
    }
}
