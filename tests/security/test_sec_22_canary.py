"""SEC-22: forty marked values, every page of the portal, dozens of forced faults; nothing written down holds one."""

from __future__ import annotations

import json
import logging
import smtplib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import Any

import celery
import httpx
import pytest
import time_machine
from celery.app.trace import build_tracer
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings as django_settings
from django.core import mail, signing
from django.core.cache.backends.redis import RedisCache
from django.core.files.storage import InMemoryStorage
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DataError, connection, transaction
from django.template.base import FilterExpression
from django.test import Client
from django.urls import reverse
from joserfc import jwt
from joserfc.errors import BadSignatureError
from kombu.exceptions import OperationalError

from apps.accounts.sessions import ID_TOKEN
from ens_portal.celery import app as celery_app
from tests.access.matrix import MATRIX
from tests.access.test_matrix import PATTERNS, path_of
from tests.accounts.browser import Browser
from tests.accounts.conftest import provider_process, simulator, visitor  # noqa: F401  fixtures
from tests.accounts.people import identity
from tests.dmp.factories import Person, signed_in
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.security.canaries import REASON, TYPED, Ground, elsewhere, make_ground
from tests.security.logs import written_lines

pytestmark = pytest.mark.django_db
FIELDS = {
    **TYPED,
    "name": TYPED["free"], "title": TYPED["free"], "reason": REASON, "email": TYPED["mail"], "code": "999",
    "ins": "2990844109987", "national_id": "810990000018", "next": "/zztextelibre/", "category": TYPED["free"],
    "number": "2990844109987", "reference": TYPED["free"], "proof": TYPED["free"], "family_name": TYPED["free"],
    "given_name": TYPED["free"], "post_code": TYPED["free"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_heads(settings, tmp_path) -> None:
    settings.AUDIT_HEADS_DIR = str(tmp_path / "heads")


@pytest.fixture
def ground(queue, noon) -> Ground:
    return make_ground()


@pytest.fixture
def other_ground(queue) -> Ground:
    """The same beside a provider, whose clock is the real one."""
    with time_machine.travel(NOON, tick=False):
        return make_ground()


def addresses(ground: Ground) -> Iterator[str]:
    """Every address of the portal with the rows of the holder, then with those of the child; the sign-out last."""
    for row in (ground.document, ground.child_document):
        for name, line in MATRIX.items():
            wanted = PATTERNS[name].pattern.converters.keys() | {"space_id"}
            own = {"space_id": row.space_id, "document_id": row.id, **line.arguments}
            if name not in {"accounts:sign_out", "accounts:fc_start"}:
                yield path_of(name, {key: value for key, value in own.items() if key in wanted})


def asked(person: Person, method: str, path: str) -> Any:
    """The answer; whatever the request changed is taken back."""
    with transaction.atomic():
        answer = person.client.get(path) if method == "get" else person.client.post(path, FIELDS)
        _ = answer.content if not answer.streaming else b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def acts(ground: Ground) -> list[tuple[str, str]]:
    """A short journey that touches every kind of row, for the faults."""
    row = ground.document
    one = {name: reverse(f"dmp:{name}", args=[row.space_id, row.id]) for name in
           ("document_detail", "document_file", "document_hide", "document_unhide")}  # fmt: skip
    space = {name: reverse(name, args=[row.space_id]) for name in
             ("journeys:dashboard", "journeys:access_history", "dmp:document_list", "dmp:timeline")}  # fmt: skip
    return [
        *(("get", path) for path in (*space.values(), *one.values())),
        ("get", reverse("journeys:choose_space") + "?tous=1"),
        ("post", space["dmp:document_list"]),
        ("post", one["document_hide"]),
        ("post", one["document_unhide"]),
    ]


def nothing_found(ground: Ground, output: StringIO) -> None:
    """No mark in the log, in broker, cache, mails and metrics; every line of the log is JSON."""
    assert ground.found_in(output.getvalue()) == []
    assert all(json.loads(line)["event"] for line in output.getvalue().splitlines())
    assert {place: found for place, text in elsewhere().items() if (found := ground.found_in(text))} == {}


def test_sec_22_forty_values_are_marked_and_the_pages_show_them(ground):
    """The test would be worth nothing if the marks were not where people look."""
    row = ground.document
    file = ground.holder.client.get(reverse("dmp:document_file", args=[row.space_id, row.id]))
    listing = asked(ground.holder, "get", reverse("dmp:document_list", args=[row.space_id]))

    shown = set(ground.found_in(file.getvalue().decode() + listing.content.decode()))
    assert len(set(ground.marks.values())) >= 40
    assert {"text.un", "zztitreun.title", "zztitreun.author_name", "ZZPRENOMALICE.ins_number"} <= shown


@pytest.mark.parametrize("who", ["holder", "helper"])
def test_sec_22_every_page_leaves_no_value_behind(ground, who):
    person = getattr(ground, who)
    with written_lines() as output:
        answers = [asked(person, method, path) for path in addresses(ground) for method in ("get", "post")]

    assert {200, 404, 405} <= {answer.status_code for answer in answers}
    assert len(output.getvalue().splitlines()) >= len(answers)
    nothing_found(ground, output)
    ids = [str(row.id) for row in (ground.document, ground.child_document)]
    assert [one for one in ids if one in output.getvalue()] == []


def test_sec_22_the_sign_in_leaves_no_token_behind(visitor: Browser, queue):  # noqa: F811  fixtures
    """State, nonce, code, identity token, secret of the client, cookie, and the traits that the provider tells."""
    row = identity()
    with written_lines(logging.DEBUG) as output:
        back = visitor.simulator.choose(visitor.start(next_url="/zzsuite/"))
        answer = visitor.come_back(back)
        token = visitor.client.session[ID_TOKEN]
        again = visitor.come_back(back)
        wrong = visitor.come_back(visitor.simulator.choose(visitor.start()), code="zzcodefaux")
        visitor.client.post(reverse("accounts:sign_out"))

    assert (answer.status_code, again.status_code, wrong.status_code) == (302, 302, 302)
    marks = {
        **dict(back.params), "token": token, "secret": "secret-of-the-tests-of-thirty-two-characters",
        "code": "zzcodefaux", "family": row.birth_family_name, "given": row.first_given_name,
        "number": row.ins_number, "next": "zzsuite",
    }  # fmt: skip
    marks.pop("iss", None)
    low = output.getvalue().lower()
    assert len(low.splitlines()) > 4
    assert [name for name, mark in marks.items() if mark.lower() in low] == []


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that fails, with every mark in its message."""

    name: str
    force: Callable[[Ground, pytest.MonkeyPatch], AbstractContextManager[None]]
    level: type[Exception] = DataError


def at_query(number: int) -> Fault:
    """The n-th query of each page."""

    @contextmanager
    def force(ground: Ground, _patch: pytest.MonkeyPatch) -> Iterator[None]:
        count = iter(range(1, 100_000))
        with connection.execute_wrapper(failing(ground, lambda _sql: next(count) == number)):
            yield

    return Fault(name=f"query {number}", force=force)


def at_statement(start: str) -> Fault:
    """Every statement that begins so."""

    @contextmanager
    def force(ground: Ground, _patch: pytest.MonkeyPatch) -> Iterator[None]:
        with connection.execute_wrapper(failing(ground, lambda sql: sql.startswith(start))):
            yield

    return Fault(name=start, force=force)


def failing(ground: Ground, when: Callable[[str], bool]) -> Callable[..., Any]:
    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if when(str(sql)):
            message = f"{ground.message} {params}"
            raise DataError(message)
        return run(sql, params, many, context)

    return execute


def at_call(owner: Any, name: str, error: Callable[[str], Exception]) -> Fault:
    """A function of a library, on which a part of the portal stands."""

    @contextmanager
    def force(ground: Ground, patch: pytest.MonkeyPatch) -> Iterator[None]:
        def fail(*args: Any, **kwargs: Any) -> Any:
            message = f"{ground.message} {args} {kwargs}"
            raise error(message)

        with patch.context() as inside:
            inside.setattr(owner, name, fail)
            yield

    return Fault(name=f"{getattr(owner, '__name__', owner)}.{name}", force=force)


FAULTS = [
    *(at_query(number) for number in (1, 2, 3, 4, 6, 9, 12)),
    *(
        at_statement(start)
        for start in (
            'INSERT INTO "audit_auditevent"', 'UPDATE "files_storedfile"', 'UPDATE "accounts_signinsession"',
            'UPDATE "dmp_document"', 'SAVEPOINT', 'SELECT "dmp_document"', 'SELECT "spaces_healthspace"',
            'SELECT "accounts_user"', 'SELECT "accounts_signinsession"',
        )
    ),
    at_call(InMemoryStorage, "_open", OSError),
    at_call(InMemoryStorage, "_open", FileNotFoundError),
    at_call(AESGCM, "decrypt", ValueError),
    at_call(HKDF, "derive", RuntimeError),
    at_call(signing, "loads", signing.BadSignature),
    at_call(json, "loads", lambda message: json.JSONDecodeError(message, message, 0)),
    at_call(RedisCache, "get", ConnectionError),
    at_call(celery.Task, "apply_async", OperationalError),
    at_call(FilterExpression, "resolve", ValueError),
]  # fmt: skip


def test_sec_22_forced_faults_leave_no_value_behind(ground, monkeypatch):
    """At more than twenty points, most of which stop at least one page of the journey."""
    found, reached = {}, set()
    for fault in FAULTS:
        with written_lines() as output:
            shown = [error_page(ground, fault, monkeypatch, act) for act in acts(ground)]
        found[fault.name] = ground.found_in(output.getvalue() + "".join(shown))
        nothing_found(ground, StringIO())
        if '"exception"' in output.getvalue():
            reached.add(fault.name)

    assert {name: marks for name, marks in found.items() if marks} == {}
    assert len(found) >= 20
    assert len(reached) >= 18, sorted(set(found) - reached)


def error_page(ground: Ground, fault: Fault, patch: pytest.MonkeyPatch, act: tuple[str, str]) -> str:
    """What the person sees when the act fails, nothing when it does not."""
    with fault.force(ground, patch):
        try:
            answer = asked(ground.holder, *act)
        except Exception:
            logging.getLogger("granian").exception("request failed")  # even the error page failed: the server says so
            return ""
    return answer.content.decode() if answer.status_code >= 500 else ""


PROVIDER = [
    at_call(httpx.Client, "request", httpx.ConnectError),
    at_call(httpx.Client, "send", httpx.ReadTimeout),
    at_call(httpx.Response, "json", ValueError),
    at_call(jwt, "decode", BadSignatureError),
    at_call(RedisCache, "set", ConnectionError),
]


@pytest.mark.parametrize("fault", PROVIDER, ids=lambda fault: fault.name)
def test_sec_22_a_fault_between_portal_and_provider_leaves_no_value_behind(
    other_ground,
    visitor: Browser,  # noqa: F811  fixtures
    fault,
    monkeypatch,
):
    ground = other_ground
    identity()
    visitor.client.raise_request_exception = False
    with written_lines() as output:
        back = visitor.simulator.choose(visitor.start())
        with fault.force(ground, monkeypatch):
            answer = visitor.come_back(back)

    ground.marks["code"], ground.marks["state"] = back.params["code"], back.params["state"]
    assert ground.found_in(answer.content.decode()) == []
    nothing_found(ground, output)


OWN_TASKS = sorted(name for name in celery_app.tasks if not name.startswith("celery."))


def test_sec_22_a_task_that_fails_leaves_no_value_behind(ground, monkeypatch):
    """Celery writes the message of the exception, and the arguments, into the event itself."""
    ids = {"vault_id": str(ground.document.vault_id), "file_id": str(ground.document.file_id), "free": TYPED["free"]}
    with written_lines() as output:
        for task in (celery_app.tasks[name] for name in OWN_TASKS):
            for number in (1, 2):
                with transaction.atomic(), at_query(number).force(ground, monkeypatch):
                    build_tracer(task.name, task, app=task.app)("00000000-0000-4000-8000-000000000000", (), ids)
                    transaction.set_rollback(True)

    assert len(OWN_TASKS) >= 4
    assert "DataError" in output.getvalue()
    nothing_found(ground, output)


REQUESTS = {
    "unknown path": lambda client: client.get("/zztextelibre/2990844109987/"),
    "unknown path of a space": lambda client: client.get("/e/zzalice@example.fr/"),
    "query": lambda client: client.get("/connexion/?q=zztextelibre&ins=2990844109987"),
    "bytes that are no text": lambda client: client.get("/%ff%fezztextelibre"),
    "zero in the query": lambda client: client.get("/choisir-espace/?tous=%00zztextelibre"),
    "another host": lambda client: client.get("/", headers={"host": "zztextelibre.example.fr"}),
    "headers": lambda client: client.get(
        "/zz/",
        headers={"referer": "https://x.example/zztextelibre", "user-agent": "zztextelibre", "cookie": "a=zzmotif"},
    ),
    "forwarded": lambda client: client.get("/", headers={"x-forwarded-for": "zztape@example.fr"}),
    "method": lambda client: client.generic("ZZTEXTELIBRE", "/connexion/"),
    "too many fields": lambda client: client.post("/theme/", {f"zztextelibre{number}": "x" for number in range(600)}),
    "too long": lambda client: client.post("/theme/", {"zztextelibre": "zztextelibre" * 300_000}),
    "broken multipart": lambda client: client.generic(
        "POST", "/theme/", b"zztextelibre", content_type="multipart/form-data; boundary=zz"
    ),
    "multipart without boundary": lambda client: client.generic(
        "POST", "/theme/", b"zztextelibre", content_type="multipart/form-data"
    ),
    "json": lambda client: client.generic("POST", "/theme/", b'{"zztextelibre"', content_type="application/json"),
    "forged cookie": lambda client: client.get(
        "/choisir-espace/", headers={"cookie": f"{django_settings.SESSION_COOKIE_NAME}=zztextelibre"}
    ),
}


@pytest.mark.parametrize("signed", [False, True])
def test_sec_22_a_strange_request_leaves_no_value_behind(ground, signed):
    client: Client = ground.holder.client if signed else PortalClient(raise_request_exception=False)
    found = {}
    for name, request in REQUESTS.items():
        with written_lines() as output:
            request(client)
        found[name] = ground.found_in(output.getvalue())
        assert "request_started" in output.getvalue(), name
        nothing_found(ground, StringIO())

    assert {name: marks for name, marks in found.items() if marks} == {}


def test_sec_22_a_forged_form_leaves_no_value_behind(ground):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies = ground.holder.client.cookies
    with written_lines() as output:
        for path in addresses(ground):
            client.post(path, {**FIELDS, "csrfmiddlewaretoken": "zztextelibre"}, headers={"referer": "/zztextelibre"})

    nothing_found(ground, output)


@pytest.mark.parametrize(
    "command",
    [
        ("dmp_deposit", "--space", "{space}", "{file}"),
        ("rollout_import", "{file}"),
        ("audit_verify",),
        ("audit_seal",),
        ("audit_reconcile",),
        ("check_invariants",),
        ("files_rotate",),
    ],
    ids=lambda command: command[0],
)
def test_sec_22_a_command_that_fails_leaves_no_value_behind(ground, command, tmp_path, monkeypatch):
    (tmp_path / "zzfichier.xml").write_text(f"<zz>{ground.message}", encoding="utf-8")
    places = {"space": str(ground.document.space_id), "file": str(tmp_path / "zzfichier.xml")}
    said = StringIO()
    with written_lines() as output:
        for fault in (None, at_query(1), at_query(3)):
            with ExitStack() as stack:
                stack.enter_context(transaction.atomic())
                if fault is not None:
                    stack.enter_context(fault.force(ground, monkeypatch))
                try:
                    call_command(*(part.format(**places) for part in command), stdout=said, stderr=said)
                except CommandError as error:
                    said.write(str(error))
                except (DataError, SystemExit):
                    logging.getLogger("command").exception("failed")
                transaction.set_rollback(True)

    assert ground.found_in(said.getvalue()) == []
    nothing_found(ground, output)


class TestHandlers:
    def test_sec_22_a_fault_is_not_mailed_to_the_administrators(self, ground, settings, monkeypatch):
        """Django mails them the page of the debugger, with the values of every frame."""
        settings.ADMINS = [("Admin", "admin@example.fr")]
        settings.MANAGERS = settings.ADMINS
        row = ground.document
        with at_query(3).force(ground, monkeypatch):
            asked(ground.holder, "get", reverse("dmp:document_detail", args=[row.space_id, row.id]))

        assert getattr(mail, "outbox", []) == []

    def test_sec_22_no_logger_has_a_way_out_of_its_own(self):
        """Everything goes through the formatter of the settings; handlers of pytest apart."""
        handlers = [
            (name, one)
            for name, logger in logging.root.manager.loggerDict.items()
            if isinstance(logger, logging.Logger)
            for one in logger.handlers
            if not isinstance(one, logging.NullHandler) and not type(one).__module__.startswith("_pytest")
        ]

        assert handlers == []

    def test_sec_22_a_mail_that_is_refused_leaves_no_address_behind(self, ground, monkeypatch):
        refused = at_call(EmailBackend, "send_messages", smtplib.SMTPException)
        with written_lines() as output, refused.force(ground, monkeypatch):
            try:
                mail.send_mail(ground.marks["reason"], ground.message, None, [ground.marks["mail.alice"]])
            except smtplib.SMTPException:
                logging.getLogger("canary").exception("not sent")

        nothing_found(ground, output)


def test_a_person_who_signs_in_again_is_marked_too(ground):
    """Marks are looked for whatever the session: the cookie of a second browser is a secret of its own."""
    second = signed_in(ground.holder.identity)
    ground.marks["second"] = second.client.cookies[django_settings.SESSION_COOKIE_NAME].value
    with written_lines() as output:
        asked(second, "get", reverse("journeys:choose_space") + "?tous=1")

    nothing_found(ground, output)
