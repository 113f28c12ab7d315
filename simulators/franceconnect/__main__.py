"""Start the provider: `python -m simulators.franceconnect`; Ctrl-C or SIGTERM ends it."""

from __future__ import annotations

import logging
import signal
import sys
from threading import Thread

from simulators.franceconnect.config import Config, ConfigurationError
from simulators.franceconnect.provider import Provider
from simulators.franceconnect.web import server


def main() -> int:
    """Serve until told to stop; 0 in order, 1 for a port in use, 2 for a bad variable."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="franceconnect %(message)s")
    try:
        config = Config.from_environment()
    except ConfigurationError as error:
        sys.stderr.write(f"franceconnect {error}\n")
        return 2
    try:
        running = server(config.port, Provider(config).routes())
    except OSError as error:
        sys.stderr.write(f"franceconnect port {config.port} (ENS_FC_PORT): {error.strerror}\n")
        return 1

    def stop(*_: object) -> None:
        # `shutdown` waits for the loop of this very thread: it must be called from another one.
        Thread(target=running.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    logging.getLogger("simulators.franceconnect").info("ready on %s", config.issuer)
    try:
        running.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        return 0
    finally:
        running.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
