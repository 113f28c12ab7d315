"""A production that starts: every variable that has no default, with invented strong values."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.architecture.sources import ROOT

REQUIRED = {
    "SECRET_KEY": "k2v7Jx0pQeR4tYw9mZ3nB6cD8fG1hL5sA0uXqWzTyVb9rE1iO4pM7",
    "DATABASE_URL": "postgresql://ens_app:9f3c1d7a@database.example/ens?sslmode=require",
    "BROKER_URL": "rediss://:41ab7c9e@broker.example/0",
    "CACHE_URL": "rediss://:77d0e5b2@cache.example/0",
    "ENS_ALLOWED_HOSTS": "portail.example",
    "ENS_PORTAL_URL": "https://portail.example",
    "ENS_TRUSTED_PROXY_COUNT": "1",
    "ENS_NOTICE_CODE_KEY": "7be2c05a41d98f367be2c05a41d98f367be2c05a41d98f367be2c05a41d98f36",
    "ENS_AUDIT_KEY": "d1f7a3c95be04826d1f7a3c95be04826d1f7a3c95be04826d1f7a3c95be04826",
    "ENS_FILES_MASTER_KEY": "8c1f0b7e5d3a49628c1f0b7e5d3a49628c1f0b7e5d3a49628c1f0b7e5d3a4962",
    "ENS_SCANNER_GATEWAY": "apps.files.gateways.scanner_absent.AbsentScanner",
    "ENS_MAIL_HOST": "relay.example",
    "ENS_OPPOSITION_POSTAL_ADDRESS": "Espace santé,Service des oppositions,TSA 10000,44999 Nantes Cedex 9",
    "ENS_MAIL_FROM": "Mon espace <ne-pas-repondre@portail.example>",
    "FRANCECONNECT_ORIGIN": "https://franceconnect.example",
    "FRANCECONNECT_ISSUER": "https://franceconnect.example/api/v2",
    "FRANCECONNECT_CLIENT_ID": "3f0c6a12",
    "FRANCECONNECT_CLIENT_SECRET": "5b8e2d9c7a1f4e6b0d3c8a5f2e9b7c4d",
}


def environment(**changes: str | None) -> dict[str, str]:
    """Nothing of this process but the path; None takes a variable away."""
    wanted = {"ENS_ENV": "production", "PATH": os.environ["PATH"], "LANG": "C.UTF-8", **REQUIRED, **changes}
    return {name: value for name, value in wanted.items() if value is not None}


def check(*options: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """`manage.py check` in a process of its own."""
    return run([sys.executable, "manage.py", "check", *options], **changes)


def starts(environments: list[dict[str, str]]) -> list[str]:
    """What became of reading the settings under each environment: `started …`, or the last line of the error."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.architecture.boot"],
        cwd=ROOT,
        env=environment(),
        input=json.dumps(environments),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    outcomes: list[str] = json.loads(done.stdout)
    return outcomes


def run(command: list[str], **changes: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env=environment(**changes), capture_output=True, text=True, timeout=60, check=False
    )
