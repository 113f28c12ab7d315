"""`python -m simulators.candidate_site`: sites of candidates on loopback; Ctrl-C or SIGTERM ends it."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from threading import Event
from time import time

from simulators.candidate_site.config import Config, ConfigurationError
from simulators.candidate_site.running import served


def main() -> int:
    """Serve until told to stop; 0 in order, 1 for a port in use, 2 for a bad variable."""
    try:
        config = Config.from_environment()
    except ConfigurationError as error:
        sys.stderr.write(f"candidate_site {error}\n")
        return 2
    end = Event()
    signal.signal(signal.SIGTERM, lambda *_: end.set())
    signal.signal(signal.SIGINT, lambda *_: end.set())
    try:
        with served(config, at=datetime.fromtimestamp(time(), tz=UTC)):
            sys.stderr.write(f"candidate_site TLS on {config.secure}, page and redirects on {config.clear}\n")
            end.wait()
    except OSError as error:
        sys.stderr.write(f"candidate_site ports {config.secure}, {config.clear}: {error.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
