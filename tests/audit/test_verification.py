"""The audit that proves itself: each attack uses rights on the database only, and each is found, the line named."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from apps.access import SYSTEM
from apps.audit import heads, jobs, keys
from apps.audit.models import AuditEvent, AuditSeal
from apps.audit.services import Line, record, record_many
from apps.common.ids import uuid7
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
SPACE, OTHER = uuid7(), uuid7()


@pytest.fixture
def trail() -> list[AuditEvent]:
    """Six lines of a space and two of another, sealed three at a time: heads after 3, 6 and 2."""
    lines = [line for _ in range(3) for line in (written(), written())] + [written(OTHER), written(OTHER)]
    for _ in range(3):
        jobs.seal(at=NOON, batch=3, batches=1)
    return lines


def written(scope=SPACE) -> AuditEvent:
    line = Line(action="dmp.document.read", scope_id=scope, target=f"document:{uuid7()}", facts={"content": True})
    return record(actor=SYSTEM, at=NOON, line=line)


def owner(*statements: str, **values: object) -> None:
    """What somebody can do who owns the database: the triggers are no obstacle."""
    tables = ("audit_auditevent", "audit_auditseal", "audit_auditcheckpoint")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement, values)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def verify(at=NOON) -> tuple[int, list[str]]:
    """Exit status and lines of `audit_verify`."""
    output = StringIO()
    with time_machine.travel(at, tick=False):
        try:
            call_command("audit_verify", stdout=output)
        except SystemExit as end:
            return int(end.code or 0), output.getvalue().splitlines()
    return 0, output.getvalue().splitlines()


def test_sec_13_an_untouched_trail_is_proved(trail):
    assert verify() == (0, ["lines=8 chains=2 checkpoints=3 heads=3 faults=0"])


def test_an_empty_trail_is_proved_too():
    assert verify() == (0, ["lines=0 chains=0 checkpoints=0 heads=0 faults=0"])


def test_a_line_that_waits_for_its_seal_is_no_fault(trail):
    written()

    assert verify()[0] == 0


def changed(lines: list[AuditEvent]) -> list[str]:
    owner("UPDATE audit_auditevent SET actor_id = 'nobody' WHERE id = %(id)s", id=lines[2].id)
    return [f"changed scope={SPACE} seq=3 line={lines[2].id}"]


def deleted(lines: list[AuditEvent]) -> list[str]:
    owner("DELETE FROM audit_auditevent WHERE id = %(id)s", id=lines[2].id)
    return [f"deleted scope={SPACE} seq=3 line={lines[2].id}"]


def deleted_with_its_seal(lines: list[AuditEvent]) -> list[str]:
    """The line that follows is named, the one that went where it was a head; the total is short of one."""
    owner(
        "DELETE FROM audit_auditevent WHERE id = %(id)s", "DELETE FROM audit_auditseal WHERE line_id = %(id)s",
        id=lines[1].id,
    )  # fmt: skip
    return [f"gap scope={SPACE} seq=2 line={lines[2].id}", "cut scope=- seq=8 line=-"]


def deleted_and_numbered_anew(lines: list[AuditEvent]) -> list[str]:
    owner(
        "DELETE FROM audit_auditevent WHERE id = %(id)s",
        "DELETE FROM audit_auditseal WHERE line_id = %(id)s",
        "ALTER TABLE audit_auditseal DROP CONSTRAINT audit_auditseal_counts_from_one",
        "UPDATE audit_auditseal SET seq = -seq WHERE seq > 5 AND scope_id = %(scope)s",
        "UPDATE audit_auditseal SET seq = -seq - 1 WHERE seq < 0",
        id=lines[4].id,
        scope=SPACE,
    )
    return [
        f"broken scope={SPACE} seq=5 line={lines[5].id}",
        f"changed scope={SPACE} seq=5 line={lines[5].id}",
        "cut scope=- seq=8 line=-",
        f"cut scope={SPACE} seq=6 line={lines[5].id}",
    ]


def inserted_without_seal(lines: list[AuditEvent]) -> list[str]:
    event = uuid7()
    owner(_INSERT, id=event, scope=SPACE)
    return [f"inserted scope={SPACE} seq=0 line={event}"]


def inserted_with_forged_seal(lines: list[AuditEvent]) -> list[str]:
    event = uuid7()
    owner(_INSERT, _FORGED, id=event, scope=SPACE, mac=b"\x07" * 32)
    return [f"changed scope={SPACE} seq=7 line={event}", "cut scope=- seq=8 line=-"]


def swapped(lines: list[AuditEvent]) -> list[str]:
    """What was done under one id is told under the other."""
    owner(
        "UPDATE audit_auditevent AS a SET target = b.target FROM audit_auditevent AS b"
        " WHERE (a.id = %(one)s AND b.id = %(two)s) OR (a.id = %(two)s AND b.id = %(one)s)",
        one=lines[1].id,
        two=lines[3].id,
    )
    return [f"changed scope={SPACE} seq={seq} line={lines[seq - 1].id}" for seq in (2, 4)]


def swapped_places(lines: list[AuditEvent]) -> list[str]:
    """Two lines change their order in the chain, with everything that the seals say of them but the MAC."""
    owner(
        "ALTER TABLE audit_auditseal DROP CONSTRAINT audit_auditseal_one_a_line",
        "UPDATE audit_auditseal SET line_id = CASE line_id WHEN %(one)s THEN %(two)s::uuid ELSE %(one)s::uuid END"
        " WHERE line_id IN (%(one)s, %(two)s)",
        one=lines[3].id,
        two=lines[4].id,
    )
    return [
        f"changed scope={SPACE} seq=4 line={lines[4].id}",
        f"changed scope={SPACE} seq=5 line={lines[3].id}",
    ]


def tail_cut(lines: list[AuditEvent]) -> list[str]:
    """The last line of a chain goes, with its seal: the exported head remembers it."""
    owner(*_CUT, id=lines[5].id)
    return ["cut scope=- seq=8 line=-", f"cut scope={SPACE} seq=6 line={lines[5].id}"]


def tail_cut_with_its_checkpoint(lines: list[AuditEvent]) -> list[str]:
    owner(*_CUT, id=lines[6].id)
    owner(*_CUT, "DELETE FROM audit_auditcheckpoint WHERE number = 3", id=lines[7].id)
    return [f"cut scope={OTHER} seq=2 line={lines[7].id}", "checkpoint scope=- seq=3 line=-"]


def tail_replaced(lines: list[AuditEvent]) -> list[str]:
    """The changed line is given back to the sealer, who has the key and seals it anew."""
    owner(
        "UPDATE audit_auditevent SET actor_id = 'nobody' WHERE id = %(id)s",
        "DELETE FROM audit_auditseal WHERE line_id = %(id)s",
        "DELETE FROM audit_auditcheckpoint WHERE number = 3",
        "INSERT INTO audit_unsealedline (scope_id, line_id) VALUES (%(scope)s, %(id)s)",
        id=lines[7].id,
        scope=OTHER,
    )
    with pytest.raises(heads.HeadsAheadError):
        jobs.seal(at=NOON)
    return [f"cut scope={OTHER} seq=2 line={lines[7].id}", "checkpoint scope=- seq=3 line=-"]


def all_rewritten(lines: list[AuditEvent]) -> list[str]:
    """Every line and every seal, chained as we do, with a key of one's own."""
    owner("UPDATE audit_auditevent SET actor_id = 'nobody'")
    with connection.cursor() as cursor:
        cursor.execute("SELECT scope_id, seq FROM audit_auditseal ORDER BY scope_id, seq")
        places = cursor.fetchall()
    prev = {SPACE: bytes(32), OTHER: bytes(32)}
    for scope, seq in places:
        mac = hmac.digest(b"own key", prev[scope] + str(seq).encode(), "sha256")
        owner(
            "UPDATE audit_auditseal SET prev = %(prev)s, mac = %(mac)s WHERE scope_id = %(scope)s AND seq = %(seq)s",
            prev=prev[scope],
            mac=mac,
            scope=scope,
            seq=seq,
        )
        prev[scope] = mac
    numbered = [*enumerate(lines[:6], start=1), *enumerate(lines[6:], start=1)]
    return [f"changed scope={line.scope_id} seq={seq} line={line.id}" for seq, line in numbered]


def all_sealed_anew(lines: list[AuditEvent]) -> list[str]:
    """Nothing is left of seals and checkpoints: the sealer begins again, over rewritten lines."""
    owner(
        "UPDATE audit_auditevent SET actor_id = 'nobody'",
        "TRUNCATE audit_auditseal, audit_auditcheckpoint",
        "INSERT INTO audit_unsealedline (scope_id, line_id) SELECT scope_id, id FROM audit_auditevent ORDER BY id",
    )
    with pytest.raises(heads.HeadsAheadError):
        jobs.seal(at=NOON, batch=3)
    exported = ((SPACE, 3, 2), (SPACE, 6, 5), (OTHER, 2, 7))
    return [
        *(f"cut scope={scope} seq={seq} line={lines[place].id}" for scope, seq, place in exported),
        *(f"checkpoint scope=- seq={number} line=-" for number in (1, 2, 3)),
    ]


_COLUMNS = ", ".join(field.attname for field in AuditEvent._meta.concrete_fields if field.attname not in {"pk", "id"})
_INSERT = (
    f"INSERT INTO audit_auditevent (id, {_COLUMNS}) SELECT %(id)s, {_COLUMNS} FROM audit_auditevent"  # noqa: S608
    " WHERE scope_id = %(scope)s ORDER BY id LIMIT 1"
)
_FORGED = (
    "INSERT INTO audit_auditseal (scope_id, seq, line_id, prev, mac, key_version, form, checkpoint) SELECT scope_id,"
    " seq + 1, %(id)s, mac, %(mac)s, key_version, form, checkpoint FROM audit_auditseal WHERE scope_id = %(scope)s"
    " ORDER BY seq DESC LIMIT 1"
)
_CUT = ("DELETE FROM audit_auditevent WHERE id = %(id)s", "DELETE FROM audit_auditseal WHERE line_id = %(id)s")


@pytest.mark.parametrize(
    "attack",
    [
        changed, deleted, deleted_with_its_seal, deleted_and_numbered_anew, inserted_without_seal,
        inserted_with_forged_seal, swapped, swapped_places, tail_cut, tail_cut_with_its_checkpoint, tail_replaced,
        all_rewritten, all_sealed_anew,
    ],
)  # fmt: skip
def test_sec_13_is_found_and_the_line_is_named(trail, attack: Callable[[list[AuditEvent]], list[str]]):
    expected = attack(trail)

    status, lines = verify()

    assert status == 1
    assert [line for line in expected if line not in lines] == [], lines
    assert lines[-1].endswith(f" faults={len(lines) - 1}")


@pytest.mark.parametrize("field", [field.attname for field in AuditEvent._meta.concrete_fields])
def test_sec_13_every_field_of_a_line_is_sealed(trail, field):
    other = {
        "scope_id": uuid7(),
        "id": uuid7(),
        "at": NOON + timedelta(microseconds=1),
        "facts": '{"content": false}',
    }.get(field, "x")
    cast = {"facts": "::jsonb", "scope_id": "::uuid", "id": "::uuid"}.get(field, "")
    owner(f"UPDATE audit_auditevent SET {field} = %(value)s{cast} WHERE id = %(id)s", value=other, id=trail[0].id)  # noqa: S608

    status, lines = verify()

    assert status == 1
    assert lines[0].endswith(f" scope={SPACE} seq=1 line={trail[0].id}")


@pytest.mark.parametrize("field", ["seq", "line_id", "prev", "mac", "key_version", "form"])
def test_sec_13_every_field_of_a_seal_is_held(trail, field):
    other = {"seq": 99, "line_id": uuid7()}.get(field, b"\x01" * 32 if field in {"prev", "mac"} else 2)
    owner(f"UPDATE audit_auditseal SET {field} = %(value)s WHERE line_id = %(id)s", value=other, id=trail[5].id)  # noqa: S608

    assert verify()[0] == 1


@pytest.mark.parametrize("field", ["at", "lines", "total", "digest", "prev", "mac", "key_version"])
def test_sec_13_every_field_of_a_checkpoint_is_held(trail, field):
    other = {"at": NOON + timedelta(1), "lines": 5, "total": 9, "key_version": 2}.get(field, b"\x01" * 32)
    owner(f"UPDATE audit_auditcheckpoint SET {field} = %(value)s WHERE number = 3", value=other)  # noqa: S608

    status, lines = verify()

    assert status == 1
    assert "checkpoint scope=- seq=3 line=-" in lines


class TestKeys:
    def test_sec_13_another_secret_proves_nothing(self, trail, settings):
        settings.AUDIT_KEY = "x" * 32

        assert verify()[1][-1].endswith("lines=8 chains=2 checkpoints=3 heads=3 faults=14")

    def test_a_former_secret_proves_what_it_sealed_and_nothing_later(self, trail, settings):
        settings.AUDIT_KEY, settings.AUDIT_KEY_FORMER = "new secret of at least thirty-two", settings.AUDIT_KEY
        written()
        jobs.seal(at=NOON)
        assert verify()[0] == 0

        settings.AUDIT_KEY, settings.AUDIT_KEY_FORMER = settings.AUDIT_KEY_FORMER, ""
        last = written()
        jobs.seal(at=NOON)
        settings.AUDIT_KEY, settings.AUDIT_KEY_FORMER = "new secret of at least thirty-two", settings.AUDIT_KEY

        status, lines = verify()

        assert status == 1
        assert lines[0] == f"changed scope={SPACE} seq=8 line={last.id}"

    def test_each_year_has_its_key(self, trail):
        new_year = NOON.replace(year=NOON.year + 1)
        last = written()
        jobs.seal(at=new_year)

        assert AuditSeal.objects.get(line_id=last.id).key_version == NOON.year + 1
        assert keys.sealing_key(NOON.year).value != keys.sealing_key(NOON.year + 1).value
        assert verify()[0] == 0

    def test_sec_22_a_key_has_an_empty_repr(self):
        assert repr(keys.sealing_key(2026)) == "SealKey()"


class TestFiles:
    def test_a_checkpoint_that_was_not_exported_is_told_after_a_minute(self, trail, heads_dir):
        (file,) = heads_dir.iterdir()
        whole = file.read_bytes()
        file.write_bytes(whole[: whole.index(b"\n= 2 ")])

        assert verify(at=NOON + timedelta(seconds=60))[0] == 0
        assert verify(at=NOON + timedelta(seconds=61))[1][:2] == [
            "not-exported scope=- seq=2 line=-",
            "not-exported scope=- seq=3 line=-",
        ]

    def test_a_file_changed_by_hand_is_told(self, trail, heads_dir):
        (file,) = heads_dir.iterdir()
        file.write_bytes(file.read_bytes().replace(b" 6 ", b" 5 "))

        status, lines = verify()

        assert status == 1
        assert f"cut scope={SPACE} seq=5 line={trail[5].id}" in lines
        assert "checkpoint scope=- seq=2 line=-" in lines

    def test_a_file_that_nobody_wrote_is_told(self, trail, heads_dir):
        (file,) = heads_dir.iterdir()
        file.write_bytes(b"hello\n" + file.read_bytes())

        with pytest.raises(CommandError, match=r"heads-00000000\.txt"):
            verify()


def test_the_list_of_faults_has_an_end():
    record_many(actor=SYSTEM, at=NOON, lines=[Line(action="a.b.c")] * 150)
    jobs.seal(at=NOON)
    owner("UPDATE audit_auditevent SET actor_id = 'nobody'")

    status, lines = verify()

    assert (status, len(lines)) == (1, 101)
    assert lines[-1] == "lines=150 chains=1 checkpoints=1 heads=1 faults=150"
