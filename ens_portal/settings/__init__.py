"""Settings chosen by ENS_ENV: demo, test or production."""

from __future__ import annotations

from ens_portal.settings import env

match env.text("ENS_ENV", choices=env.ENVIRONMENTS):
    case "demo":
        from ens_portal.settings.demo import *
    case "test":
        from ens_portal.settings.test import *
    case _:
        from ens_portal.settings.base import *
