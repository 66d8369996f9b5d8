"""The guard before every request: who is asked for, who asks, how much is sent, and how many wait already.

A page of somebody else that is open in the same browser must neither read nor change anything here, also not under a
name that it has pointed at this machine (DNS rebinding): so the Host header must name us, and whoever changes anything
must come from our own pages or from no page at all.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from attribution.web.problems import Problem, ProblemError, problem_of, response_of
from attribution.web.settings import Settings

COOKIE = "attribution-token"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
OPEN_PATHS = ("/healthz", "/readyz")
"""What a monitor may ask without a token; nothing of any article is told there."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}


class Guard:
    """ASGI middleware that refuses what must not come in, and puts the safe headers on what goes out."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        """Args:
        app: the application behind it.
        settings: whom and what it lets through.
        """
        self._app = app
        self._settings = settings
        self._working = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    out[name] = value
                if not scope["path"].startswith("/static/"):
                    out["Cache-Control"] = "no-store"
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, send_safely)
        elif scope["method"] in SAFE_METHODS:
            await self._app(scope, receive, send_safely)
        else:
            await self._work(scope, receive, send_safely, headers)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        request = Request(scope)
        try:
            self._check_host(headers)
            self._check_origin(scope, headers)
            if (answer := self._checked_in(scope)) is not None:
                return answer
            self._check_token(scope, headers)
        except ProblemError as error:
            return response_of(problem_of(error), request=request)
        return None

    async def _work(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Let a request through that sends a body, if there is room; count the bytes as they come."""
        limit = self._limit(headers)
        said = headers.get("content-length", "0")
        if said.isdecimal() and int(said) > limit:
            await response_of(_too_large(limit))(scope, receive, send)
            return
        if self._working >= self._settings.limits.waiting:
            await _drain(receive, limit)
            busy = ProblemError(503, "too many requests wait already: try again in a few seconds")
            await response_of(problem_of(busy))(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413, _too_large(limit).detail)  # this kind alone comes through FastAPI unchanged
            return message

        self._working += 1
        try:
            await self._app(scope, counted, send)
        finally:
            self._working -= 1

    def _limit(self, headers: Headers) -> int:
        form = headers.get("content-type", "").lower().startswith("multipart/form-data")
        return self._settings.limits.upload_bytes if form else self._settings.limits.body_bytes

    def _check_host(self, headers: Headers) -> None:
        names = headers.getlist("host")
        if len(names) != 1 or not self._is_ours(names[0]):
            raise ProblemError(421, "this server does not answer under this name: open it under the address it printed")

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self._settings.hosts:
            return True
        return self._settings.any_address and _is_address(name)

    def _check_origin(self, scope: Scope, headers: Headers) -> None:
        if scope["method"] in SAFE_METHODS:
            return
        origin = headers.get("origin")
        ours = (
            origin == f"{scope['scheme']}://{headers['host']}"
            if origin is not None
            else headers.get("sec-fetch-site", "none") in ("same-origin", "none")
        )
        if not ours:
            raise ProblemError(
                403, "this request comes from another site's page: only pages of this server may ask for it"
            )

    def _checked_in(self, scope: Scope) -> Response | None:
        """For an address with the right token in it: a cookie, and the address without it."""
        token = self._settings.token
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[-1]
        if not token or not given or scope["method"] != "GET" or scope["path"] != "/" or not _same(given, token):
            return None
        answer = RedirectResponse("/", status_code=303)
        answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/", secure=scope["scheme"] == "https")
        return answer

    def _check_token(self, scope: Scope, headers: Headers) -> None:
        token = self._settings.token
        if token is None or scope["path"] in OPEN_PATHS or scope["path"].startswith("/static/"):
            return
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if not (scheme.lower() == "bearer" and _same(given.strip(), token)) and not _same(_cookie(headers), token):
            raise ProblemError(
                401,
                "a token is needed: open the address with ?token=… that the server printed, or send it as a bearer token",
            )


def _is_address(name: str) -> bool:
    """True for a numeric address, which nobody can point elsewhere."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), token.encode())


def _cookie(headers: Mapping[str, str]) -> str:
    return cookie_parser(headers.get("cookie", "")).get(COOKIE, "")


def _too_large(limit: int) -> Problem:
    return problem_of(ProblemError(413, f"more than {limit:,} bytes: send it in parts, or use the command line"))


async def _drain(receive: Receive, limit: int) -> None:
    """Take what is being sent and drop it, so that the client comes to read the answer."""
    seen = 0
    while seen <= limit:
        message = await receive()
        seen += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return
