"""A child that keeps the right to open sockets, to see what the name space alone does."""

from __future__ import annotations

import resource

from apps.formats.sandbox.inside import serving
from tests.formats.sandbox.probe import reach

if __name__ == "__main__":
    real = resource.setrlimit
    resource.setrlimit = lambda limit, pair: None if limit == resource.RLIMIT_NOFILE else real(limit, pair)
    serving.serve({"reach": reach})
