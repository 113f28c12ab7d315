"""All sites at once, as long as somebody wants them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Thread

from simulators.candidate_site import certificates, names, tls, web
from simulators.candidate_site.config import Config
from simulators.candidate_site.proofs import Proofs
from simulators.candidate_site.sites import all_sites
from simulators.candidate_site.web import ClearHandler, SecureHandler, SitesServer, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """Both, bound already."""

    secure: SitesServer
    clear: SitesServer

    def stop(self) -> None:
        """From another thread than theirs."""
        for server in (self.secure, self.clear):
            server.shutdown()


def prepare(config: Config, *, at: datetime) -> Servers:
    """Certificates, ports, then the file of names, which says that all is there. Raises `OSError` for a taken port."""
    sites = {site.host: site for site in all_sites(at.date())}
    made = certificates.make(config.folder, [(site.host, site.certificate) for site in sites.values()], at=at)
    world = World(
        sites=sites,
        contexts={host: tls.context(sites[host], pair) for host, pair in made.pairs.items()},
        proofs=Proofs(file=config.folder / "proofs.json"),
    )
    secure = web.server(config.secure, world, SecureHandler)
    try:
        clear = web.server(config.clear, world, ClearHandler)
    except OSError:
        secure.server_close()
        raise
    where = names.Where(secure=secure.server_address[1], clear=clear.server_address[1], authority=made.authority)
    names.write(config.names, names.content(sites.values(), where))
    return Servers(secure=secure, clear=clear)


@contextmanager
def served(config: Config, *, at: datetime) -> Iterator[Servers]:
    """In threads of this process; port 0 takes a free one."""
    servers = prepare(config, at=at)
    threads = [Thread(target=each.serve_forever, args=(0.1,), daemon=True) for each in (servers.secure, servers.clear)]
    for thread in threads:
        thread.start()
    try:
        yield servers
    finally:
        servers.stop()
        for server in (servers.secure, servers.clear):
            server.server_close()
