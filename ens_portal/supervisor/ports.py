"""The ports of the demonstration."""

from __future__ import annotations

import errno
import socket
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from ens_portal.supervisor.errors import DemonstrationError

if TYPE_CHECKING:
    from collections.abc import Mapping

WEB = "ENS_HTTP_PORT"
FRANCECONNECT = "ENS_FC_PORT"
MAILBOX = "ENS_MAILBOX_PORT"
MAIL = "ENS_MAIL_PORT"
OPERATOR = "ENS_MSS_OPERATOR_PORT"
OPERATOR_MAIL = "ENS_MSS_OPERATOR_SMTP_PORT"
DOOR = "ENS_SMTP_PORT"
CANDIDATE = "ENS_CANDIDATE_PORT"
CANDIDATE_CLEAR = "ENS_CANDIDATE_HTTP_PORT"
DEFAULT_WEB_PORT = 8000
DEFAULT_DOOR_PORT = 2525
AFTER_DOOR = 7
LAST_PORT = 65_535
LOOPBACK = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """TCP ports on the loopback: the portal, the simulated FranceConnect, pages and SMTP of the mailbox that catches
    mails, pages and SMTP of the simulated operator of secure mail, the portal's own door for secure mail, TLS and clear
    text of the simulated sites of candidates.
    """

    web: int
    franceconnect: int
    mailbox: int = 0
    mail: int = 0
    operator: int = 0
    operator_mail: int = 0
    door: int = 0
    candidate: int = 0
    candidate_clear: int = 0

    @property
    def address(self) -> str:
        return f"http://localhost:{self.web}"

    @property
    def mailbox_address(self) -> str:
        return f"http://localhost:{self.mailbox}"

    @property
    def operator_address(self) -> str:
        return f"http://localhost:{self.operator}"

    @property
    def candidate_address(self) -> str:
        return f"http://localhost:{self.candidate_clear}"

    def by_name(self) -> dict[str, int]:
        """The variable of each port."""
        return {
            WEB: self.web,
            FRANCECONNECT: self.franceconnect,
            MAILBOX: self.mailbox,
            MAIL: self.mail,
            OPERATOR: self.operator,
            OPERATOR_MAIL: self.operator_mail,
            DOOR: self.door,
            CANDIDATE: self.candidate,
            CANDIDATE_CLEAR: self.candidate_clear,
        }

    def environment(self) -> dict[str, str]:
        return {name: str(port) for name, port in self.by_name().items()}


def ports_of(environment: Mapping[str, str]) -> Ports:
    """Read ENS_HTTP_PORT (default 8000); the others are the five next ones, the door 2525 or, beside another port of
    the web, the sixth one, sites of candidates the two behind, unless their own variables say otherwise. Raises
    `DemonstrationError`.
    """
    web = _number(WEB, environment.get(WEB, str(DEFAULT_WEB_PORT)))
    franceconnect, mailbox, mail, operator, operator_mail = (
        _number(name, environment.get(name, str(web + distance)))
        for distance, name in enumerate((FRANCECONNECT, MAILBOX, MAIL, OPERATOR, OPERATOR_MAIL), start=1)
    )
    candidate, candidate_clear = (
        _number(name, environment.get(name, str(web + distance)))
        for distance, name in enumerate((CANDIDATE, CANDIDATE_CLEAR), start=AFTER_DOOR)
    )
    ports = Ports(
        web=web,
        franceconnect=franceconnect,
        mailbox=mailbox,
        mail=mail,
        operator=operator,
        operator_mail=operator_mail,
        door=_number(DOOR, environment.get(DOOR, str(_door_beside(web)))),
        candidate=candidate,
        candidate_clear=candidate_clear,
    )
    for (name, port), (other, same) in combinations(ports.by_name().items(), 2):
        if port == same:
            msg = f"{name} and {other} are both {port}: choose two different ports."
            raise DemonstrationError(msg)
    return ports


def _door_beside(web: int) -> int:
    return DEFAULT_DOOR_PORT if web == DEFAULT_WEB_PORT else web + 6


def refuse_taken(ports: Ports) -> None:
    """Raise `DemonstrationError`, with the way out, when something else listens on one of the ports."""
    for name, port in ports.by_name().items():
        if not is_free(port):
            way_out = f"choose another with {name}, e.g. `{name}={port + 80} make run`"
            msg = f"Port {port} is taken by another program: {way_out}."
            raise DemonstrationError(msg)


def is_free(port: int) -> bool:
    """Whether both loopback addresses can be listened on: a browser may try either for `localhost`."""
    return all(_can_listen(family, address, port) for family, address in LOOPBACK)


def _can_listen(family: socket.AddressFamily, address: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the servers do: connections of an earlier run that still time out are no obstacle.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
            probe.listen(1)  # with SO_REUSEADDR a port whose owner set it too refuses only here
    except OSError as error:
        # Without IPv6 there is nothing to bind, and nothing that could listen.
        return error.errno not in {errno.EADDRINUSE, errno.EACCES}
    return True


def _number(name: str, text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= LAST_PORT:
        msg = f"{name}={text!r} is no port: give a number from 1 to {LAST_PORT}."
        raise DemonstrationError(msg)
    return int(text)
