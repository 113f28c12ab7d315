"""Pages of opposition under 50 requests a second while an opening is at work: none over a second, none lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
from django.utils import timezone

from apps.rollout import services
from apps.rollout.codes import code_of, mac_of
from apps.rollout.jobs.importing import Means
from apps.rollout.models import EligiblePerson, NoticeCode, Opposition
from apps.rollout.window import window_end
from benchmarks import waiting
from benchmarks.serving import serving

ROOT = Path(__file__).resolve().parents[1]
RATE, LEAST_SECONDS, VISITORS, LETTERS = 50, 10, 40, 3_000
_WARM = 12
_TOKEN = re.compile(r'name="(csrfmiddlewaretoken|dossier|lu)" value="([^"]*)"')
_FORMS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("/opposition/qualite/", {"capacity": "self", "mail": ""}),
    ("/opposition/choix/", {"choice": "opposer"}),
    ("/opposition/verifier/", {}),
)


@dataclass(slots=True)
class Load:
    """What the visitors saw. A request is due every 20 ms; its time counts from then, whether somebody was free or not.

    `seconds` of each request; `slow`: when those over a second were due; `lost`: what had no answer, or one of 500
    and more.
    """

    start: float = 0.0
    tickets: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    seconds: list[float] = field(default_factory=list)
    slow: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    done: int = 0

    def due(self) -> float:
        """Wait for the next ticket."""
        with self.lock:
            due = self.start + self.tickets / RATE
            self.tickets += 1
        time.sleep(max(due - time.perf_counter(), 0))
        return due

    def ask(
        self, client: httpx.Client, method: str, path: str, data: Mapping[str, str] | None = None
    ) -> httpx.Response:
        due = self.due()
        answer = client.request(method, path, data=data)
        spent = time.perf_counter() - due
        with self.lock:
            self.seconds.append(spent)
            if spent > 1:
                self.slow.append(due - self.start)
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            msg = f"{answer.status_code} {path}"
            raise RuntimeError(msg)
        return answer


def measure(*, file: Path, folder: Path) -> Iterator[str]:
    """Lines of the result. The people of the file have waited their six weeks, some of them hold a letter of today."""
    _waiting_people(file)
    letters = list(_letters())
    load = Load()
    with serving(folder) as url:
        _warm(url, [letters.pop() for _visit in range(_WARM)])
        before = Opposition.objects.count()
        opening = subprocess.Popen([sys.executable, "manage.py", "rollout_open"], cwd=ROOT)
        load.start = begun = time.perf_counter()
        threads = [
            threading.Thread(target=_visit, args=(url, load, letters[number::VISITORS])) for number in range(VISITORS)
        ]
        for thread in threads:
            thread.start()
        opening.wait()
        took = time.perf_counter() - begun
        time.sleep(max(LEAST_SECONDS - took, 0))
        load.over.set()
        for thread in threads:
            thread.join()
    recorded = Opposition.objects.count() - before
    times = sorted(load.seconds)
    yield f"opposition pages: {len(times)} requests at {RATE}/s, opening at work for {took:.1f} s"
    yield f"median {times[len(times) // 2] * 1e3:.0f} ms, 99 % within {times[len(times) * 99 // 100] * 1e3:.0f} ms, " \
          f"slowest {times[-1] * 1e3:.0f} ms; over a second: {len(load.slow)} (bound 0)"  # fmt: skip
    for second, number in sorted(Counter(int(due) for due in load.slow).items()):
        yield f"over a second, due in second {second}: {number}"
    yield f"lost: {len(load.lost)} (bound 0) {load.lost[:3] or ''}; oppositions seen {load.done}, recorded {recorded}"


def _warm(url: str, letters: list[tuple[str, str]]) -> None:
    """Both processes have shown every page before anything is measured."""
    load = Load(start=time.perf_counter())
    threads = [threading.Thread(target=_visit, args=(url, load, [letter])) for letter in letters]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _visit(url: str, load: Load, letters: list[tuple[str, str]]) -> None:
    for code, birth_date in letters:
        if load.over.is_set():
            return
        try:
            with httpx.Client(base_url=url, timeout=30) as client:
                _one_visit(client, load, code, birth_date)
        except (httpx.HTTPError, RuntimeError) as error:
            load.lost.append(str(error))


def _one_visit(client: httpx.Client, load: Load, code: str, birth_date: str) -> None:
    """Nine requests, from the code to the receipt's number."""
    year, month, day = birth_date.split("-")
    page = load.ask(client, "GET", "/opposition/code/")
    typed = {"code": code, "day": day, "month": month, "year": year}
    page = _sent(client, load, "/opposition/code/", page, typed)
    for path, answers in _FORMS:
        page = _sent(client, load, path, page, answers)
    if "OPP-" in page.text:
        with load.lock:
            load.done += 1


def _sent(
    client: httpx.Client, load: Load, path: str, page: httpx.Response, answers: Mapping[str, str]
) -> httpx.Response:
    hidden = dict(_TOKEN.findall(page.text))
    answer = load.ask(client, "POST", path, {**hidden, **answers})
    return load.ask(client, "GET", urlsplit(answer.headers["Location"]).path)


def _waiting_people(file: Path) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        owner.execute("TRUNCATE accounts_insidentity, rollout_importrun, rollout_wave CASCADE")
    with file.open("rb") as source:
        means = Means(processes=os.cpu_count() or 1, lanes=os.cpu_count() or 1)
        people = services.EligibilityFile(source=source, name=file.name)
        services.import_file(file=people, at=timezone.now(), means=means)
    waiting.everybody_waited(at=timezone.now())
    waiting.tidy()


def _letters() -> Iterator[tuple[str, str]]:
    """Adults who were written to ten days ago: code and birth date. The others of the register are due."""
    sent_at = timezone.now() - timedelta(days=10)
    rows = NoticeCode.objects.filter(person__situation=EligiblePerson.Situation.ADULT, person__state="NOTICE_SENT")
    for row in rows.select_related("person__identity").order_by("id")[:LETTERS]:
        code = code_of(row.pk)
        NoticeCode.objects.filter(pk=row.pk).update(mac=mac_of(code))
        people = EligiblePerson.objects.filter(pk=row.person_id)
        people.update(notice_sent_at=sent_at, window_ends_at=window_end(sent_at))
        yield code, row.person.identity.birth_date
