"""Errors as problem details, ``application/problem+json`` (RFC 9457); to a person who looks at a page, as a page."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from attribution.errors import AttributionError, InputError, MissingExtraError

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5


class Problem(BaseModel):
    """What went wrong, where, and what to do."""

    model_config = ConfigDict(frozen=True)

    type: str = "about:blank"
    title: str = Field(description="The status in words.")
    status: int = Field(ge=400, le=599)
    detail: str = Field(description="What is wrong with this request, and what to do.")
    where: str | None = Field(None, description="The input or the field that is meant.")


class ProblemError(AttributionError):
    """An error that has a status of HTTP."""

    def __init__(self, status: int, detail: str, *, where: str | None = None) -> None:
        """Args:
        status: the status code.
        detail: what is wrong and what to do about it.
        where: the input or field that is meant.
        """
        super().__init__(detail)
        self.status = status
        self.where = where

    def __reduce__(self) -> tuple[type[ProblemError], tuple[int, str]]:
        return type(self), (self.status, str(self))


def problem_of(error: Exception) -> Problem:
    """The problem that an error of ours is."""
    if isinstance(error, ProblemError):
        return _problem(error.status, str(error), error.where)
    if isinstance(error, InputError):
        return _problem(422, error.reason, error.where)
    if isinstance(error, MissingExtraError):
        return _problem(501, str(error), None)
    return _problem(500, "an unexpected error; the server's own messages say more", None)


def response_of(problem: Problem, *, request: Request | None = None) -> Response:
    """A problem as a response: a page for a browser that asks for one, JSON for all others."""
    headers = {"Retry-After": str(RETRY_SECONDS)} if problem.status == 503 else {}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if request is not None and wants_page(request):
        from attribution.web.pages.templates import error_page

        return error_page(request, problem, headers)
    body = json.dumps(problem.model_dump(exclude_none=True))  # ASCII: what is quoted may be no valid text
    return Response(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def wants_page(request: Request) -> bool:
    """True for somebody who looks at a page, not at the API."""
    return not request.url.path.startswith("/api") and "text/html" in request.headers.get("accept", "")


def add_handlers(app: FastAPI) -> None:
    """Let an application answer every error as a problem."""

    async def ours(request: Request, error: Exception) -> Response:
        return response_of(problem_of(error), request=request)

    async def invalid(request: Request, error: Exception) -> Response:
        found = error.errors() if isinstance(error, RequestValidationError) else []
        return response_of(_problem(422, _said(found) or "the request is not valid", _place(found)), request=request)

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        said = {404: "there is nothing at this address", 405: "this address does not take this method"}
        detail = said.get(status) or str(getattr(error, "detail", ""))
        answer = response_of(_problem(status, detail, None), request=request)
        for name, value in (getattr(error, "headers", None) or {}).items():
            answer.headers[name] = value
        return answer

    app.add_exception_handler(AttributionError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, ours)


def _problem(status: int, detail: str, where: str | None) -> Problem:
    return Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, where=where)


def _said(errors: Any) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in errors[:5])


def _place(errors: Any) -> str | None:
    return ".".join(map(str, errors[0]["loc"])) if errors else None


RESPONSES: dict[int | str, dict[str, Any]] = {
    code: {
        "description": HTTPStatus(code).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for code in (400, 401, 403, 404, 405, 408, 409, 411, 413, 415, 421, 422, 500, 501, 503)
}
"""Every problem that an operation may answer, for the schema."""


def responses(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The problems of an operation: those of its own, and those of all."""
    return {code: RESPONSES[code] for code in (*codes, 400, 401, 403, 413, 421, 422, 503)}
