"""The door of the mailbox as a real process, and an operator that hands in until it is told 250."""

from __future__ import annotations

import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.accounts.ins import control_key
from apps.formats.mail.digest import digest
from apps.spaces.models import HealthSpace
from simulators.certificates import Certificates, make_certificates
from tests.architecture.sources import ROOT
from tests.directory.trust_lists import bring, trust_list
from tests.mss.arriving import letter
from tests.mss.door.opened import DOMAIN, OPERATOR_NAME, SENDER, client_context, free_port

PATIENTS = "patient.mssante.example"
GATEWAY = ("manage.py", "mss_gateway")
PATIENCE = 30.0
GONE = (smtplib.SMTPException, OSError)


@dataclass(kw_only=True)
class Operator:
    """Its certificate, and what the door told of each message: its digest once it was told 250."""

    papers: Certificates
    port: int
    taken: list[str] = field(default_factory=list)
    refused: int = 0  # answers that ask to come again, and connections that broke

    def knock(self) -> smtplib.SMTP:
        client = smtplib.SMTP("localhost", self.port, timeout=PATIENCE)
        client.starttls(context=client_context(self.papers))
        client.ehlo()
        return client

    def hands_in(self, *data: bytes, to: list[str]) -> bool:
        """One connection for all; False as soon as one was not told 250, which is how an operator sees a crash."""
        try:
            with self.knock() as client:
                for each in data:
                    client.sendmail(SENDER, to, each)
                    self.taken.append(digest(each).hex())
        except GONE:
            self.refused += 1
            return False
        return True

    def insists(self, data: bytes, *, to: list[str], seconds: float = PATIENCE) -> None:
        end = time.monotonic() + seconds
        while not self.hands_in(data, to=to):
            assert time.monotonic() < end, "the door does not take it"
            time.sleep(0.05)


def operator_of(folder: Path) -> Operator:
    """Its domain is on the white list of the database, as of now."""
    now = timezone.now()
    bring(trust_list(DOMAIN, issued=now - timedelta(hours=1), operator=OPERATOR_NAME), at=now, force=True)
    return Operator(papers=make_certificates(folder / "papers"), port=free_port())


def environment_of(operator: Operator, **more: str) -> dict[str, str]:
    """Of a door that this operator finds."""
    portal = operator.papers.of("portal")
    return {
        "ENS_SMTP_PORT": str(operator.port),
        "ENS_SMTP_CA": str(operator.papers.authority),
        "ENS_SMTP_CERTIFICATE": str(portal.certificate),
        "ENS_SMTP_KEY": str(portal.key),
        "ENS_MSS_PATIENT_DOMAIN": PATIENTS,
        "ENS_LIMIT_MSS_DOOR_SENDER": "999999/1h",
        "ENS_LIMIT_MSS_DOOR_DOMAIN": "999999/1h",
        **more,
    }


@contextmanager
def gateway(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The process, once it says 220; ended at the end."""
    process = subprocess.Popen([sys.executable, *GATEWAY], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=PATIENCE)
        finally:
            process.kill()
            process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, "the door ended by itself"
        with suppress(*GONE), smtplib.SMTP("localhost", port, timeout=PATIENCE):
            return
        time.sleep(0.05)
    pytest.fail("the door does not open")


def address_of(space: HealthSpace) -> str:
    number = space.identity.ins_number
    return f"{number}{control_key(number)}@{PATIENTS}"


def letters(prefix: str, count: int) -> list[bytes]:
    return [letter(number=f"{prefix}{number}", sender=SENDER) for number in range(count)]
