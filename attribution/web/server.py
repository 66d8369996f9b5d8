"""Starting the server: checks what was asked for, listens, says where, opens the browser, and ends on Ctrl-C."""

from __future__ import annotations

import ipaddress
import logging
import secrets
import socket
import threading
import time
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import urlopen

import uvicorn

from attribution.errors import OutputError
from attribution.web.app import create_app
from attribution.web.settings import LOOPBACK, Settings

_WAIT_FOR_START = 20.0  # seconds until the browser is opened all the same


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens, and whom that lets in."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """True if only this machine reaches it."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def url(self) -> str:
        """The address for a browser."""
        shown = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{self.port}/"


def settings_for(address: Address, settings: Settings) -> Settings:
    """Settings that fit an address: the names it answers under, and a token where others can reach it."""
    if address.is_loopback:
        return replace(settings, hosts=tuple(dict.fromkeys([*LOOPBACK, address.host])))
    names = [address.host, socket.gethostname(), socket.getfqdn()]
    hosts = tuple(dict.fromkeys([*LOOPBACK, *(n.lower() for n in names if n)]))
    return replace(settings, hosts=hosts, any_address=True, token=settings.token or secrets.token_urlsafe(18))


def listen(address: Address) -> socket.socket:
    """A socket that listens at an address; port 0 takes a free one.

    Raises:
        OutputError: the port is taken, or the host is none of this machine.

    """
    try:
        family = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((address.host, address.port), family=family, backlog=256)
    except OSError as error:
        what = f"cannot be listened at ({error.strerror or error}): name another with --port or --host"
        raise OutputError(f"{address.host}:{address.port}", what) from error


def serve(
    settings: Settings,
    address: Address,
    *,
    articles: Sequence[Path] = (),
    browser: bool = True,
    say: Callable[[str], object] = print,
) -> None:
    """Serve until Ctrl-C.

    Args:
        settings: see ``Settings``.
        address: where to listen.
        articles: files and folders to open at the start.
        browser: open the browser.
        say: is told the address, a line at a time.

    Raises:
        OutputError: nothing can listen there.

    """
    listening = listen(address)
    address = Address(address.host, listening.getsockname()[1])
    settings = settings_for(address, settings)
    app = create_app(settings, articles=articles)
    entrance = f"{address.url}?token={settings.token}" if settings.token else address.url
    say(f"attribution is at {entrance}")
    if not address.is_loopback:
        say("Others on this network can reach it; what they send is not encrypted.")
    say("Ctrl-C ends it.")
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    if browser:
        threading.Thread(target=_open_browser, args=(address.url, entrance), daemon=True).start()
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=3
    )
    uvicorn.Server(config).run(sockets=[listening])


def _open_browser(url: str, entrance: str) -> None:
    """Open the browser as soon as the server answers."""
    end = time.monotonic() + _WAIT_FOR_START
    while time.monotonic() < end:
        try:
            with urlopen(f"{url}healthz", timeout=1):
                break
        except OSError:
            time.sleep(0.1)
    webbrowser.open(entrance)
