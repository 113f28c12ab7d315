"""ClamAV's daemon by its INSTREAM command (SEC-11). Settings: address, seconds for an answer, longest stream."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from clamav_client.clamd import (
    BufferTooLongError,
    ClamdError,
    ClamdNetworkSocket,
    ClamdUnixSocket,
    CommunicationError,
)
from django.conf import settings

from apps.files.gateways.base import ScannerAnswerError, ScannerRefusedError, ScannerUnavailableError, Verdict

_STREAM = "stream"  # clamd's name for what comes by INSTREAM


class ClamdScanner:
    """Says « clean » for the one answer `stream: OK` and « infected » for `stream: <name> FOUND`, nothing else."""

    simulated = False

    def scan(self, content: bytes) -> Verdict:
        """Same contract as every scanner.

        A daemon that cannot be reached is away. One that takes the file and then breaks off, is silent for too long or
        answers anything else has failed on this file.
        """
        if len(content) > settings.CLAMD_MAX_BYTES:
            raise ScannerRefusedError(len(content))
        engine = self._engine()
        try:
            with _client() as client:
                answers = client.instream(io.BytesIO(content))
        except BufferTooLongError as error:
            raise ScannerRefusedError(len(content)) from error
        except (ClamdError, OSError, ValueError) as error:  # ValueError: an answer that is no text
            raise ScannerAnswerError(type(error).__name__) from error
        status, finding = answers.get(_STREAM, ("", None))
        if status == "OK" and not finding and len(answers) == 1:
            return Verdict(infected=False, engine=engine)
        if status == "FOUND" and finding:
            return Verdict(infected=True, engine=engine, finding=finding)
        raise ScannerAnswerError(status)

    def _engine(self) -> str:
        """`ClamAV 1.4.6/27800`: version and number of the virus definitions. Also tells whether anybody is there."""
        try:
            with _client() as client:
                answer = client.version()
        except (ClamdError, OSError, ValueError) as error:
            raise ScannerUnavailableError(type(error).__name__) from error
        if not answer.startswith("ClamAV "):
            raise ScannerUnavailableError
        return "/".join(answer.split("/")[:2])


@contextmanager
def _client() -> Iterator[ClamdNetworkSocket]:
    address, seconds = settings.CLAMD_ADDRESS, settings.CLAMD_SECONDS
    if address.startswith("/"):
        client: ClamdNetworkSocket = ClamdUnixSocket(path=address, timeout=seconds)
    else:
        host, _colon, port = address.rpartition(":")
        client = ClamdNetworkSocket(host=host.strip("[]"), port=int(port), timeout=seconds)
    try:
        yield client
    except CommunicationError:
        client.clamd_socket.close()  # the library leaves it open when nobody listens
        raise
