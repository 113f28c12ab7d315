"""The sealed text: fixed, unambiguous, and complete."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from apps.audit.chain import FIELDS, START, Batch, Place, head_line, mac_of_checkpoint, mac_of_line
from apps.audit.keys import SealKey
from apps.audit.models import AuditEvent

KEY = SealKey(b"k" * 32)
SCOPE, LINE = UUID("0193a000-0000-7000-8000-000000000001"), UUID("0193a000-0000-7000-8000-000000000002")
AT = datetime(2026, 11, 26, 10, 30, tzinfo=UTC)
TEXTS = ("dmp.document.read", "holder", "u", "", "", "OWN", "", "permit", "ACC-37", "document:1", "eidas2", "r", "{}")
texts = st.lists(st.text(max_size=5), min_size=13, max_size=13).map(tuple)


def mac(values=TEXTS, *, at=AT, **place) -> bytes:
    where = Place(**{"seq": 1, "prev": START, "key_version": 2026, **place})
    return mac_of_line(key=KEY, place=where, line=(SCOPE, LINE, at, *values))


def test_sec_13_the_sealed_text_of_form_1_never_changes():
    """Seals of years are proved with it: by hand, from the text below."""
    text = (
        '[1,2026,1,"0193a000000070008000000000000001","0193a000000070008000000000000002","2026-11-26T10:30:00+00:00",'
        '"dmp.document.read","holder","u","","","OWN","","permit","ACC-37","document:1","eidas2","r","{}"]'
    )
    assert mac() == hmac.digest(b"k" * 32, b"ens-portal audit line" + bytes(32) + text.encode(), "sha256")


def test_sec_13_every_column_of_a_line_is_in_the_sealed_text():
    """A column that is added needs a new form, or it could be changed unseen."""
    assert list(FIELDS) == [field.attname for field in AuditEvent._meta.concrete_fields if field.attname != "pk"]


@given(one=texts, other=texts)
def test_two_lines_have_one_mac_only_when_they_are_one(one, other):
    assert (mac(one) == mac(other)) is (one == other)


@given(hours=st.integers(-12, 14))
def test_the_zone_in_which_the_database_tells_the_time_does_not_matter(hours):
    assert mac(at=AT.astimezone(timezone(timedelta(hours=hours)))) == mac()


def test_place_and_key_are_part_of_the_mac():
    different = [mac(), mac(seq=2), mac(prev=b"\x01" * 32), mac(key_version=2027), mac(form=2)]

    assert len(set(different)) == 5


def test_a_checkpoint_is_no_line():
    batch = Batch(number=1, at=AT, lines=1, total=1, digest=bytes(32), prev=START, key_version=2026)

    assert mac_of_checkpoint(key=KEY, batch=batch) != mac()
    assert len(mac_of_checkpoint(key=KEY, batch=batch)) == 32


def test_a_head_is_one_line_of_text():
    assert head_line(SCOPE, 7, LINE, b"\xab" * 2) == f"{SCOPE} 7 {LINE} abab\n"
