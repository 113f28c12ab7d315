"""The small trust space: who is believed, who is not."""

from __future__ import annotations

import ssl
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from time import time

import pytest

from simulators.certificates import MEMBERS, OPERATOR, PORTAL, RENEWED, SUBJECTS, make_certificates
from tests.simulators.process import ROOT

NOW = datetime.fromtimestamp(time(), tz=UTC)


def side(made, member, *, of, is_server=False):
    """One end of a connection: shows the certificate of `member`, believes the authority of `of`."""
    purpose = ssl.Purpose.CLIENT_AUTH if is_server else ssl.Purpose.SERVER_AUTH
    context = ssl.create_default_context(purpose, cafile=of.authority)
    context.verify_mode = ssl.CERT_REQUIRED
    if member:
        context.load_cert_chain(made.of(member).certificate, made.of(member).key)
    return context


def handshake(client, server, *, name="localhost"):
    """Both ends over memory, until both are content; raises what one of them says."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname=name),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    for _ in range(6):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return ends[1].getpeercert()


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("space"))


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("other"))


@pytest.mark.parametrize(("client", "server"), [(OPERATOR, PORTAL), (PORTAL, OPERATOR)])
def test_mss_04_members_believe_each_other_both_ways(space, client, server):
    peer = handshake(side(space, client, of=space), side(space, server, of=space, is_server=True))

    assert [pair[0][1] for pair in peer["subject"]] == list(SUBJECTS[client])


def test_mss_04_nobody_of_another_authority(space, other):
    server = side(space, PORTAL, of=space, is_server=True)

    with pytest.raises(ssl.SSLError, match="certificate verify failed"):
        handshake(side(other, OPERATOR, of=space), server)
    with pytest.raises(ssl.SSLError, match="certificate verify failed"):
        handshake(side(space, OPERATOR, of=other), server)


def test_mss_04_nobody_without_a_certificate_or_under_another_name(space):
    server = side(space, PORTAL, of=space, is_server=True)

    with pytest.raises(ssl.SSLError, match="did not return a certificate"):
        handshake(side(space, "", of=space), server)
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(side(space, OPERATOR, of=space), server, name="elsewhere.example")


def test_what_is_there_stays(space):
    before = {path.name: path.read_bytes() for path in space.files}

    make_certificates(space.folder)

    assert {path.name: path.read_bytes() for path in space.files} == before


def test_a_missing_file_or_a_near_end_makes_all_anew(tmp_path):
    made = make_certificates(tmp_path)
    first = made.authority.read_bytes()

    made.of(PORTAL).key.unlink()
    make_certificates(tmp_path)
    second = made.authority.read_bytes()
    make_certificates(tmp_path, at=NOW + timedelta(days=800) - RENEWED + timedelta(days=1))

    assert len({first, second, made.authority.read_bytes()}) == 3
    assert all(path.is_file() for path in made.files)


def test_keys_are_for_their_owner_alone(space):
    for member in MEMBERS:
        assert stat.S_IMODE(space.of(member).key.stat().st_mode) == 0o600
        assert b"PRIVATE KEY" in space.of(member).key.read_bytes()
    assert not list(space.folder.glob("authority-key*"))


def test_the_command_makes_the_folder(tmp_path):
    command = [sys.executable, "-m", "simulators.certificates"]

    done = subprocess.run([*command, str(tmp_path / "a" / "b")], cwd=ROOT, check=False)
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, len(list((tmp_path / "a" / "b").iterdir()))) == (0, 5)
    assert (refused.returncode, refused.stderr) == (2, "usage: python -m simulators.certificates FOLDER\n")
