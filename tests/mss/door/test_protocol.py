"""What the door reads itself is what the library would read."""

from __future__ import annotations

from aiosmtpd.smtp import SMTP
from hypothesis import given
from hypothesis import strategies as st

from apps.mss.door.protocol import PLAIN, Protocol


@given(
    local=st.from_regex(r"[A-Za-z0-9_=+-]{1,8}(\.[A-Za-z0-9_=+-]{1,8}){0,2}", fullmatch=True),
    domain=st.from_regex(r"[A-Za-z0-9-]{1,8}(\.[A-Za-z0-9-]{1,8}){1,2}", fullmatch=True),
    rest=st.sampled_from(["", " ", " SIZE=12", "SIZE=12", "  BODY=8BITMIME SMTPUTF8", " \t X"]),
)
def test_plain_addresses_are_what_the_library_reads(local, domain, rest):
    door = Protocol.__new__(Protocol)
    text = f"<{local}@{domain}>{rest}"

    assert PLAIN.fullmatch(text)
    assert door._getaddr(text) == SMTP._getaddr(door, text)
