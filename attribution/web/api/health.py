"""Probes: whether the server lives, and whether it is ready to extract."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

import attribution
from attribution.web.problems import RESPONSES, ProblemError
from attribution.web.site import TheSite

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The server answers."""

    status: Literal["ok"] = "ok"
    version: str


@router.get("/healthz", responses={421: RESPONSES[421]})
async def healthz() -> Health:
    """Whether the server lives; asks for no token."""
    return Health(version=attribution.__version__)


@router.get("/readyz", responses={code: RESPONSES[code] for code in (421, 503)})
async def readyz(site: TheSite) -> Health:
    """Whether the model is loaded: 503 until then; asks for no token."""
    if site.work.failure is not None:
        raise ProblemError(503, "the model could not be loaded: the server's own messages say why")
    if not site.work.ready:
        raise ProblemError(503, "the model is being loaded: ask again in a second")
    return Health(version=attribution.__version__)
