from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from ens_portal.settings import env


def celery_broker(url: str) -> str:
    """kombu's spelling of a redis-py socket address: `unix:///path?db=0` is `redis+socket:///path?virtual_host=0`."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={number}"


BROKER_URL = env.text("BROKER_URL")
CELERY_BROKER_URL = celery_broker(BROKER_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_DEFAULT_QUEUE = "default"
# A queue on the task itself is deprecated.
CELERY_TASK_ROUTES = {
    "files.*": {"queue": "scan"},
    "dmp.*": {"queue": "scan"},
    "mss.send_mails": {"queue": "mail"},
    "notifications.*": {"queue": "mail"},
    "store.advance": {"queue": "review"},
    "store.look_for_secrets": {"queue": "scan"},
    "store.make_pictures": {"queue": "scan"},
    "store.send_mails": {"queue": "mail"},
}
CELERY_TIMEZONE = "Europe/Paris"
# Schedules live in code and are reviewed; nobody edits them in an admin (dependencies.md 4).
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    "accounts.clear_sessions": {"task": "accounts.clear_sessions", "schedule": 3600.0},
    "audit.seal": {"task": "audit.seal", "schedule": 10.0, "options": {"expires": 60.0}},  # a busy worker piles up none
    "dmp.announce_due": {"task": "dmp.announce_due", "schedule": 300.0, "options": {"queue": "scan"}},
    "dmp.sweep": {"task": "dmp.sweep", "schedule": 60.0, "options": {"queue": "scan"}},
    "files.erase": {"task": "files.erase", "schedule": 3600.0, "options": {"queue": "scan"}},
    "files.rotate": {"task": "files.rotate", "schedule": 300.0, "options": {"queue": "scan"}},
    "journeys.apply_requests": {"task": "journeys.apply_requests", "schedule": 60.0, "options": {"expires": 60.0}},
    "mss.file_arrivals": {"task": "mss.file_arrivals", "schedule": 5.0, "options": {"expires": 5.0}},
    "mss.forget_arrivals": {"task": "mss.forget_arrivals", "schedule": 3600.0},
    "mss.purge_bin": {"task": "mss.purge_bin", "schedule": 3600.0},
    "mss.send_mails": {"task": "mss.send_mails", "schedule": 10.0, "options": {"queue": "mail", "expires": 10.0}},
    "notifications.forget": {"task": "notifications.forget", "schedule": 86_400.0, "options": {"queue": "mail"}},
    "notifications.tell_security": {
        "task": "notifications.tell_security",
        "schedule": 30.0,
        "options": {"queue": "mail", "expires": 60.0},
    },
    "notifications.sweep": {"task": "notifications.sweep", "schedule": 60.0, "options": {"queue": "mail"}},
    "store.make_pictures": {"task": "store.make_pictures", "schedule": 300.0, "options": {"expires": 300.0}},
    "store.plan_weekly": {"task": "store.plan_weekly", "schedule": 300.0, "options": {"expires": 300.0}},
    "store.send_mails": {"task": "store.send_mails", "schedule": 10.0, "options": {"queue": "mail", "expires": 10.0}},
    "store.sweep": {"task": "store.sweep", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "store.sweep_evidence": {"task": "store.sweep_evidence", "schedule": 300.0, "options": {"expires": 300.0}},
    "store.warn_of_dates": {"task": "store.warn_of_dates", "schedule": 3600.0, "options": {"expires": 3600.0}},
    "store.sweep_steps": {"task": "store.sweep_steps", "schedule": 60.0, "options": {"expires": 60.0}},
    "rollout.forget_activations": {"task": "rollout.forget_activations", "schedule": 86_400.0},
    "rollout.note_forgotten_sign_ins": {"task": "rollout.note_forgotten_sign_ins", "schedule": 3600.0},
    "rollout.keep_figures": {"task": "rollout.keep_figures", "schedule": 300.0, "options": {"expires": 300.0}},
    "rollout.prepare_notices": {"task": "rollout.prepare_notices", "schedule": 60.0, "options": {"expires": 60.0}},
    "rollout.print_letters": {"task": "rollout.print_letters", "schedule": 60.0, "options": {"expires": 60.0}},
    "rollout.read_bounces": {
        "task": "rollout.read_bounces",
        "schedule": 60.0,
        "options": {"queue": "mail", "expires": 60.0},
    },
    "rollout.answer_code_requests": {
        "task": "rollout.answer_code_requests",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "rollout.forget_letters": {"task": "rollout.forget_letters", "schedule": 86_400.0},
    "rollout.send_notices": {
        "task": "rollout.send_notices",
        "schedule": 30.0,
        "options": {"queue": "mail", "expires": 60.0},
    },
    "rollout.send_trial_notice": {
        "task": "rollout.send_trial_notice",
        "schedule": 60.0,
        "options": {"queue": "mail", "expires": 60.0},
    },
    "rollout.advance": {"task": "rollout.advance", "schedule": 300.0, "options": {"expires": 300.0}},
    "rollout.clear_imports": {"task": "rollout.clear_imports", "schedule": 3600.0},
    "rollout.hold_claimed": {"task": "rollout.hold_claimed", "schedule": 600.0},
    "rollout.import_files": {"task": "rollout.import_files", "schedule": 60.0, "options": {"expires": 60.0}},
    "rollout.open_asked": {"task": "rollout.open_asked", "schedule": 300.0, "options": {"expires": 300.0}},
    "rollout.open_due": {"task": "rollout.open_due", "schedule": 900.0, "options": {"expires": 900.0}},
    "rollout.ask_to_confirm": {"task": "rollout.ask_to_confirm", "schedule": 3600.0},
    "rollout.notify_new_adults": {"task": "rollout.notify_new_adults", "schedule": 3600.0},
    "spaces.close_dead": {"task": "spaces.close_dead", "schedule": 3600.0},
    "spaces.tell_ended": {"task": "spaces.tell_ended", "schedule": 300.0},
    "files.sweep": {"task": "files.sweep", "schedule": 60.0, "options": {"queue": "scan"}},
}
