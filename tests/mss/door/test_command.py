"""`manage.py mss_gateway` says in words why a door does not open."""

from __future__ import annotations

import socket

import pytest
from django.core.management import CommandError, call_command

from tests.mss.door.opened import name_papers


@pytest.fixture
def named(settings, papers_folder):
    return name_papers(settings, papers_folder)


@pytest.mark.parametrize("missing", ["MSS_DOOR_CA", "MSS_DOOR_CERTIFICATE", "MSS_DOOR_KEY"])
def test_mss_04_without_certificates_it_stays_shut(settings, named, missing):
    setattr(settings, missing, "")
    with pytest.raises(CommandError, match=r"ENS_SMTP_CA, ENS_SMTP_CERTIFICATE and ENS_SMTP_KEY name the PEM files"):
        call_command("mss_gateway")


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_files_that_are_not_there_or_no_certificates_are_told(settings, named, tmp_path, content):
    if content is not None:
        (tmp_path / "door.pem").write_text(content)
    settings.MSS_DOOR_CERTIFICATE = str(tmp_path / "door.pem")
    with pytest.raises(CommandError, match=r"the PEM files of the door cannot be used: .+\."):
        call_command("mss_gateway")


def test_lmtp_knows_no_certificates_and_stays_on_this_machine(settings, named):
    settings.MSS_DOOR_HOST = "0.0.0.0"  # noqa: S104  what is refused
    with pytest.raises(CommandError, match="has to be a loopback address"):
        call_command("mss_gateway", "--lmtp")


def test_a_taken_port_is_named(settings, named):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        settings.MSS_DOOR_PORT = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {settings.MSS_DOOR_PORT} of 127.0.0.1 cannot be used"):
            call_command("mss_gateway")
