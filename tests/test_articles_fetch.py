"""URLs: a real server, and everything that must not be loaded."""

from __future__ import annotations

import datetime
import gzip
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from story import HEADLINE, PARAGRAPHS, page

from attribution.articles import fetch as module
from attribution.articles.fetch import Address, fetch, is_public, is_url
from attribution.articles.read import read, read_all, source_of
from attribution.articles.registry import HTML, choose
from attribution.errors import InputError


def anybody(address: Address) -> bool:
    """The hook for tests: the command line and the readers know no way to it."""
    return address.is_loopback


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path
        if path.startswith("/redirect"):
            self._answer(302, {"Location": path.removeprefix("/redirect?to=")})
        elif path == "/loop":
            self._answer(301, {"Location": "/loop"})
        elif path == "/gone":
            self._answer(404)
        elif path == "/packed":
            self._answer(200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(page().encode()))
        elif path == "/large":
            self._answer(200, {"Content-Type": "text/html"}, b"x" * 300_000)
        elif path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(180):
                time.sleep(0.05)
                self.wfile.write(b"x")
                self.wfile.flush()
        elif path == "/silence":
            time.sleep(9)
        else:
            self._answer(200, {"Content-Type": "text/html; charset=UTF-8"}, page().encode())

    def _answer(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that go away are what is tested."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with Server(("127.0.0.1", 0), Pages) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


def test_a_page_is_loaded_and_read(server: str) -> None:
    got = fetch(f"{server}/news/levy.html?a=1#top", permits=anybody)
    assert got.content_type == "text/html; charset=UTF-8" and got.charset == "utf-8"
    source = source_of(got, got.url)
    assert source.id == "levy.html" and choose(source) is HTML
    article = choose(source).one(source)  # type: ignore[misc]
    assert article.text.split("\n\n") == [HEADLINE, *PARAGRAPHS] and article.url == "https://lugo.example/news/levy"


def test_redirects_and_packed_answers(server: str) -> None:
    got = fetch(f"{server}/redirect?to=/redirect?to=/packed", permits=anybody)
    assert got.url == f"{server}/packed"
    source = source_of(got, "x")
    assert source.head.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/gone", "the server answers 404 Not Found"), ("/loop", "more than 5 redirects"), ("/large", "larger than 100,000 bytes"),
        ("/redirect?to=file:///etc/passwd", "leads to file:, and only http and https"), ("/redirect?to=http://a:b@127.0.0.1/", "user name"),
        ("/drip", "no complete answer in time"), ("/silence", "no complete answer in time"),
    ],
)  # fmt: skip
def test_what_is_not_loaded(server: str, path: str, says: str) -> None:
    started = time.monotonic()
    with pytest.raises(InputError, match=says):
        fetch(server + path, permits=anybody, seconds=1.0, size=100_000)
    assert time.monotonic() - started < 6  # the server itself takes nine


def test_no_address_of_ones_own_network(server: str) -> None:
    with pytest.raises(InputError, match=r"leads to 127\.0\.0\.1, which is no public address"):
        fetch(server)
    for host in ("localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1", "127.1", "2130706433", "0x7f000001"):
        with pytest.raises(InputError, match=r"no public address|is not known"):
            fetch(f"http://{host}/", seconds=5)


def test_a_redirect_inside_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first address may be public; the one that it leads to is looked at all the same."""
    port = int(server.rpartition(":")[2])

    def loopback_but_not_twice(address: Address) -> bool:
        return str(address) == "127.0.0.1"

    with pytest.raises(InputError, match=r"leads to 127\.0\.0\.2, which is no public address"):
        fetch(f"{server}/redirect?to=http://127.0.0.2:{port}/", permits=loopback_but_not_twice)


def test_the_address_that_was_looked_at_is_the_one_connected_to(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the name has a good address when it is looked up first and a bad one afterwards."""
    port = int(server.rpartition(":")[2])
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *args: object, **kwargs: object) -> object:
        if host != "rebind.example":
            return real(host, *args, **kwargs)  # type: ignore[arg-type]
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(module.socket, "getaddrinfo", rebinding)
    got = fetch(f"http://rebind.example:{port}/", permits=lambda a: str(a) == "127.0.0.1")
    assert got.data and asked == ["rebind.example"]


def test_one_bad_address_among_good_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 80)) for a in ("93.184.216.34", "192.168.0.1")]
    monkeypatch.setattr(module.socket, "getaddrinfo", lambda *a, **k: both)
    with pytest.raises(InputError, match=r"leads to 192\.168\.0\.1"):
        fetch("http://two.example/")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True), ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False),
        ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False),
        ("::1", False), ("fe80::1", False), ("fc00::1", False), ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False), ("64:ff9b::7f00:1", False),
        ("ff02::1", False), ("240.0.0.1", False), ("::", False), ("64:ff9b::5db8:d822", True), ("2001:0:7f00:1::1", False),
    ],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


def test_a_url_needs_to_be_asked_for() -> None:
    for found in read_all(["https://lugo.example/levy", "HTTP://lugo.example"]):
        assert isinstance(found, InputError) and "is a URL: add --fetch (in Python fetch=True)" in str(found)
    with pytest.raises(InputError, match="add --fetch"):
        read("https://lugo.example/levy")
    [found] = read_all(["ftp://lugo.example/levy"], fetch=True)
    assert "leads to ftp:, and only http and https are loaded" in str(found)
    [found] = read_all(["http://127.0.0.1:9/"], fetch=True)
    assert "which is no public address" in str(found)
    assert not is_url("C:/articles/a.txt") and not is_url("a.txt") and is_url("file:///etc/passwd")


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lugo.example")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + datetime.timedelta(1))
    pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "both.pem").write_bytes(pem + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    with Server(("127.0.0.1", 0), Pages) as running:
        running.socket = context.wrap_socket(running.socket, server_side=True)
        threading.Thread(target=running.serve_forever, daemon=True).start()
        with pytest.raises(InputError, match="certificate verify failed"):
            fetch(f"https://127.0.0.1:{running.server_address[1]}/", permits=anybody)
        running.shutdown()


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://a:99999/", "http://\u2028/", "http://a b/", "http://" + "a" * 70 + ".example/", "http://xn--/"])
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(InputError):
        fetch(url, seconds=5)
