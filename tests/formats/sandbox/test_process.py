"""The child process that decodes files of strangers holds nothing and always ends (SEC-11, decisions 19)."""

from __future__ import annotations

import io
import signal
import socket
import time
from contextlib import closing

import pytest

from apps.formats.sandbox import isolation, process
from apps.formats.sandbox.frames import FrameError, Message, receive, send
from apps.formats.sandbox.refusal import DecoderLostError, Reason, RefusedFileError
from tests.formats.sandbox.killing import children, first_child_ends_by

PROBES = "tests.formats.sandbox."


def ask(act, *, probe="probe", seconds=20.0, data=b"", **facts):
    return process.ask(probe, {"act": act, **facts}, data, seconds=seconds, package=PROBES)


@pytest.fixture
def port():
    """A listener on this machine: reachable by everybody who may open a socket here."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


class TestWhatTheChildHolds:
    @pytest.fixture
    def seen(self, port, monkeypatch):
        monkeypatch.setenv("ENS_SECRET_OF_A_TEST", "canary")
        with closing(ask("leak", port=port)) as answers:
            return next(answers).facts

    def test_sec_11_no_environment(self, seen):
        # the system itself may set the last one for every process in the C locale
        assert set(seen["environment"]) <= {"LC_CTYPE"}

    def test_sec_11_no_database_no_broker_no_portal(self, seen):
        assert seen["django"] is False

    def test_sec_11_no_network_no_file_no_child(self, seen):
        assert seen["socket"].startswith("OSError")
        assert seen["read"].startswith("OSError")
        assert seen["write"].startswith("OSError")
        assert seen["fork"] != "done"
        assert seen["folder"] == "/"

    def test_sec_11_descriptors_that_are_let_go_of_make_no_room_for_a_file_or_a_socket(self):
        with closing(ask("swap")) as answers:
            seen = next(answers).facts

        assert seen == {"read": "OSError 24", "socket": "OSError 24", "more": "ValueError"}  # too many open files

    def test_sec_11_the_name_space_alone_keeps_from_the_network(self, port):
        if not isolation.has_own_network():
            pytest.fail("this machine allows no network name space: see apps/formats/checks.py")
        with closing(ask("reach", probe="probe_network", port=port)) as answers:
            assert next(answers).facts["socket"] == "OSError 101"  # network is unreachable


class TestTheEnd:
    def test_sec_11_a_memory_bomb_ends_at_the_limit(self):
        held = 0
        with pytest.raises(RefusedFileError) as caught:
            for answer in ask("memory", seconds=process.WALL_SECONDS):  # half a gigabyte of pages on a busy machine
                held = answer.facts["held"]

        assert caught.value.reason is Reason.TOO_LARGE
        assert 10 < held <= 33  # pieces of 16,000,000 bytes, limit 512 MB

    def test_sec_11_an_endless_loop_ends_by_processor_time_and_what_came_before_stands(self):
        start, answers = time.monotonic(), ask("loop")

        assert next(answers).facts == {"before": True}
        with pytest.raises(RefusedFileError) as caught:
            next(answers)
        assert caught.value.reason is Reason.TOO_SLOW
        assert time.monotonic() - start < 15

    def test_sec_11_a_child_that_waits_for_ever_ends_by_the_clock(self):
        start = time.monotonic()
        with pytest.raises(RefusedFileError) as caught:
            list(ask("sleep", seconds=0.5))

        assert caught.value.reason is Reason.TOO_SLOW
        assert time.monotonic() - start < 15

    @pytest.mark.parametrize("act", ["crash", "lie", "nonsense", "unknown_reason", "no_such_act"])
    def test_sec_11_a_child_that_crashes_or_lies_is_a_damaged_file(self, act):
        with pytest.raises(RefusedFileError) as caught:
            list(ask(act))

        assert caught.value.reason is Reason.DAMAGED

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
    def test_rel_02_a_child_that_is_ended_from_outside_says_nothing_of_the_file(self, number):
        with first_child_ends_by(number), pytest.raises(DecoderLostError):
            list(ask("sleep"))

        assert children() == []

    def test_rel_02_a_child_that_never_got_ready_says_nothing_of_the_file(self):
        with pytest.raises(DecoderLostError):
            list(ask("sleep", probe="no_such_module"))

    def test_sec_11_no_child_is_left_when_the_reader_stops_early(self):
        answers = ask("memory")
        next(answers)
        before = children()
        answers.close()

        assert len(before) == 1
        assert children() == []

    def test_sec_11_so_many_children_at_a_time_and_no_more(self):
        held = [ask("memory") for _ in range(process.CHILDREN)]
        for answers in held:
            next(answers)

        assert process._slots.acquire(blocking=False) is False
        for answers in held:
            answers.close()
        assert process._slots.acquire(blocking=False) is True
        process._slots.release()


class TestFrames:
    def test_a_message_comes_back_as_it_was(self):
        pipe = io.BytesIO()
        message = Message(facts={"page": 3, "words": "é\n"}, payloads=(b"", b"\x00" * 70_000))
        send(pipe, message)
        pipe.seek(0)

        assert receive(pipe) == message

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x00\x00",
            b"\x00\x00\x00\x09short",
            b"\x7f\xff\xff\xff",
            b"\x00\x00\x00\x02[]",
            b"\x00\x00\x00\x02{}",
            b'\x00\x00\x00\x0e{"payloads":5}',
            b'\x00\x00\x00\x0f{"payloads":-1}',
            b'\x00\x00\x00\x10{"payloads":"1"}',
            b"\x00\x00\x00\x01{",
        ],
    )
    def test_anything_else_is_no_message(self, data):
        with pytest.raises(FrameError):
            receive(io.BytesIO(data))
