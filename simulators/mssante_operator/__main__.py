"""`python -m simulators.mssante_operator`: SMTP and pages on loopback; Ctrl-C or SIGTERM ends it."""

from __future__ import annotations

import logging
import signal
import sys
from http.server import ThreadingHTTPServer
from threading import Thread

from simulators.mssante_operator import html, smtp, web
from simulators.mssante_operator.boxes import Boxes
from simulators.mssante_operator.config import Config, ConfigurationError
from simulators.mssante_operator.door import Door
from simulators.mssante_operator.memory import Memory
from simulators.mssante_operator.operator import Operator
from simulators.mssante_operator.site import Site
from simulators.mssante_operator.tls import as_client, as_server


def main() -> int:
    """Serve until told to stop; 0 in order, 1 for a port in use, 2 for a bad variable."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # the library is not used to certificates of clients
    try:
        config = Config.from_environment()
    except ConfigurationError as error:
        sys.stderr.write(f"mssante_operator {error}\n")
        return 2
    operator = Operator(
        config=config,
        boxes=Boxes(config.domain),
        memory=Memory(),
        door=Door(config.door, as_client(config.certificates)),
    )
    post = smtp.Post(operator.boxes, operator.memory, operator.come_back)
    mails = smtp.server(config.smtp, post, as_server(config.certificates))
    try:
        pages = web.server(config.pages, Site(operator).routes(), html.missing)
        mails.start()
    except OSError as error:
        sys.stderr.write(f"mssante_operator ports {config.pages}, {config.smtp}: {error.strerror}\n")
        return 1
    sys.stderr.write(f"mssante_operator pages on {config.pages}, SMTP on {config.smtp}\n")
    try:
        _serve(pages)
    finally:
        mails.stop()
        pages.server_close()
    return 0


def _serve(pages: ThreadingHTTPServer) -> None:
    def stop(*_: object) -> None:
        # `shutdown` waits for the loop of this very thread: it must be called from another one.
        Thread(target=pages.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    try:
        pages.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    sys.exit(main())
