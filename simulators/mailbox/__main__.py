"""Start the box: `python -m simulators.mailbox`; SMTP and pages on loopback; Ctrl-C or SIGTERM ends it."""

from __future__ import annotations

import os
import signal
import sys
from threading import Thread

from simulators.mailbox.bounces import folder
from simulators.mailbox.letters import Letters
from simulators.mailbox.smtp import CatchAll
from simulators.mailbox.web import server

PAGES = "ENS_MAILBOX_PORT"
SMTP = "ENS_MAIL_PORT"


def main() -> int:
    """Serve until told to stop; 0 in order, 1 for a port in use, 2 for a bad variable."""
    first = os.environ.get("ENS_HTTP_PORT", "8000")
    texts = {PAGES: os.environ.get(PAGES, ""), SMTP: os.environ.get(SMTP, "")}
    numbers = {}
    for distance, (name, text) in enumerate(texts.items(), start=2):
        value = text or (str(int(first) + distance) if first.isdecimal() else "")
        if not value.isdecimal():
            sys.stderr.write(f"mailbox {name} must be a number, not {value!r}\n")
            return 2
        numbers[name] = int(value)
    return _serve(numbers)


def _serve(numbers: dict[str, int]) -> int:
    letters = Letters()
    try:
        mails, pages = CatchAll(numbers[SMTP], letters, folder()), server(numbers[PAGES], letters)
    except OSError as error:
        sys.stderr.write(f"mailbox ports {numbers}: {error.strerror}\n")
        return 1

    def stop(*_: object) -> None:
        # `shutdown` waits for the loop of this very thread: it must be called from another one.
        Thread(target=pages.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    Thread(target=mails.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()
    sys.stderr.write(f"mailbox pages on {numbers[PAGES]}, SMTP on {numbers[SMTP]}\n")
    try:
        pages.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        return 0
    finally:
        mails.shutdown()
        mails.server_close()
        pages.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
