from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.store.gateways.authority import Authority
from tests.store.gateways.internet import Internet, internet
from tests.store.gateways.places import Zone, name_server


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    return Authority(folder=tmp_path_factory.mktemp("authority"))


@pytest.fixture
def net(authority) -> Iterator[Internet]:
    with internet(authority) as made:
        yield made


@pytest.fixture
def zone() -> Iterator[Zone]:
    with name_server() as made:
        yield made


@pytest.fixture
def connections(monkeypatch) -> list[Any]:
    """The recording socket: every address that any stream of this process is connected to, or is to be."""
    met: list[Any] = []
    connect = socket.socket.connect

    def recording(this: socket.socket, address: Any) -> None:
        if this.type & socket.SOCK_STREAM and this.family in {socket.AF_INET, socket.AF_INET6}:
            met.append(address)
        connect(this, address)

    monkeypatch.setattr(socket.socket, "connect", recording)
    return met
