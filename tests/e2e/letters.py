"""Letters of the demonstration: people whose six weeks run."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass

from tests.architecture.sources import ROOT

LINE = re.compile(r"^  (\w{4}-\w{4}-\w{4})  (\d{4})-(\d\d)-(\d\d)  (\w+) .*  (\w{15})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody holds in the hand, and the number of the person it is addressed to."""

    code: str
    year: str
    month: str
    day: str
    situation: str
    number: str


def letters_of(environment: dict[str, str]) -> list[Letter]:
    """As the demonstration tells its visitors; those who have chosen are gone from it."""
    command = [sys.executable, "manage.py", "demo_people"]
    told = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return [Letter(*found) for found in LINE.findall(told.stdout)]
