"""URLs → bytes: one page, within a time and a size, and never from inside the reader's own network.

A name is resolved once, every address it has must be public, and the connection goes to the very address that was
looked at; so a name that changes its address between the two (DNS rebinding) gains nothing. Every redirect passes the
same way. Proxies and credentials of the environment are not used.
"""

from __future__ import annotations

import http.client
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from attribution import __version__
from attribution.articles.limits import FETCH_BYTES, FETCH_REDIRECTS, FETCH_SECONDS, readable
from attribution.errors import InputError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {
    "User-Agent": f"attribution/{__version__}",
    "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Language": "en",
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server gave: the body, the address it came from after redirects, and its headers' word on what it is."""

    data: bytes
    url: str
    content_type: str | None
    charset: str | None


def is_url(given: str) -> bool:
    """True for what is meant as a URL, of whatever scheme, and not as a path."""
    return bool(_URL.match(given))


def is_public(address: Address) -> bool:
    """True for an address of the public internet: not private, loopback, link-local, multicast or reserved."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None and not is_public(inner):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def fetch(
    url: str, *, permits: Callable[[Address], bool] = is_public, seconds: float = FETCH_SECONDS, size: int = FETCH_BYTES
) -> Fetched:
    """Load a URL.

    Args:
        url: an http or https address.
        permits: which addresses may be connected to; anything but the default is for tests against a local server.
        seconds: the most that all of it may take.
        size: the most bytes that the body may have.

    Raises:
        InputError: another scheme, an address that is not public, no answer in time, too much, or an HTTP error.

    """
    ends = time.monotonic() + seconds
    here = url
    for _ in range(FETCH_REDIRECTS + 1):
        answer = _request(here, url, permits, ends, size)
        if isinstance(answer, Fetched):
            return answer
        here = urljoin(here, answer)
    raise InputError(url, f"more than {FETCH_REDIRECTS} redirects, the last to {here[:200]}")


def _request(here: str, where: str, permits: Callable[[Address], bool], ends: float, size: int) -> Fetched | str:
    """What lies at an address, or the address that it redirects to."""
    scheme, host, port, target = _parts(here, where)
    address = _resolved(host, port, where, permits, ends)
    connection = _Connection(scheme, host, port, address, _left(ends, where))
    watchdog = threading.Timer(_left(ends, where), connection.abort)
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request("GET", target, headers=_HEADERS)
        response = connection.getresponse()
        location = response.getheader("Location")
        if response.status in _REDIRECTS and location:
            return location
        if response.status != 200:
            raise InputError(where, f"the server answers {response.status} {response.reason[:100]}")
        data = response.read(size + 1)
        if len(data) > size:
            raise InputError(where, f"larger than {readable(size)}: save it to a file and give that")
        if time.monotonic() > ends:
            raise TimeoutError
        content_type = response.getheader("Content-Type")
        return Fetched(data, here, content_type, response.headers.get_content_charset())
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= ends or isinstance(error, TimeoutError):
            raise InputError(
                where, "no complete answer in time: try again, or save the page and give the file"
            ) from error
        raise InputError(where, f"cannot be loaded ({type(error).__name__}: {str(error)[:200]})") from error
    finally:
        watchdog.cancel()
        connection.close()


def _parts(url: str, where: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and request target of a URL."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
        ascii_host = host.encode("idna").decode("ascii") if host and not host.isascii() else host
    except (ValueError, UnicodeError) as error:
        raise InputError(where, f"not a URL ({error})") from error
    if scheme not in ("http", "https"):
        raise InputError(where, f"leads to {scheme}:, and only http and https are loaded")
    if not ascii_host:
        raise InputError(where, "a URL without a host")
    if parts.username is not None or parts.password is not None:
        raise InputError(where, "a URL with a user name or password is not loaded")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    quoted = re.sub(r"[^\x21-\x7e]", lambda m: "".join(f"%{b:02X}" for b in m[0].encode("utf-8", "replace")), target)
    return scheme, ascii_host, port or (443 if scheme == "https" else 80), quoted


def _resolved(host: str, port: int, where: str, permits: Callable[[Address], bool], ends: float) -> str:
    """The address of a host, if all that it has are permitted. Resolvers know no time limit: hence the thread."""
    answers: queue.Queue[list[str] | OSError | UnicodeError] = queue.Queue()

    def resolve() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(entry[4][0]) for entry in found])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=resolve, daemon=True).start()
    try:
        answer = answers.get(timeout=_left(ends, where))
    except queue.Empty:
        raise InputError(where, f"the name {host[:200]} is not resolved in time") from None
    if isinstance(answer, Exception) or not answer:
        raise InputError(where, f"the name {host[:200]} is not known ({answer})")
    for each in answer:
        if not permits(ipaddress.ip_address(each.partition("%")[0])):
            raise InputError(where, f"leads to {each}, which is no public address: not loaded")
    return answer[0]


def _left(ends: float, where: str) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise InputError(where, "no complete answer in time: try again, or save the page and give the file")
    return left


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that it was found by."""

    def __init__(self, scheme: str, host: str, port: int, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self.default_port = 443 if scheme == "https" else 80
        self._secure = scheme == "https"
        self._address = address
        self._aborted = False
        self._wire: socket.socket | None = None

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._wire = plain
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        self._wire = self.sock
        if self._aborted:
            self.abort()

    def abort(self) -> None:
        """End whatever the connection waits for: the time is up, however steadily bytes drip in."""
        self._aborted = True
        if self._wire is not None:  # ``sock`` is let go of as soon as the last answer begins
            try:
                self._wire.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended on its own
