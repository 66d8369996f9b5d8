"""A site with articles made by hand: the pages and the API without the model."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from made import TRICKY, at, make, tricky

from attribution.claims import Article, ArticleClaims
from attribution.web.app import create_app
from attribution.web.settings import Limits, Settings

BASE = "http://127.0.0.1:8765"
PAGE = {"accept": "text/html"}
NASTY = '"><script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">'


def nasty() -> ArticleClaims:
    """An article that is hostile wherever it can be."""
    text = f"{NASTY} headline\n\nBy {NASTY}\n\n{NASTY} said no."
    start = text.rindex(NASTY)
    return make(
        text, [{"content": [at(text, "no.")], "source": [(start, start + len(NASTY))], "cue": [at(text, "said")], "speaker": NASTY, "role": NASTY}],
        title=NASTY, outlet=NASTY, id=NASTY, url=f"https://e.org/{NASTY}", source=NASTY,
    )  # fmt: skip


def two_outlets() -> list[ArticleClaims]:
    one = "“We will not pay a cent,” Ana Ruiz, the mayor, told reporters. She said the road was closed."
    other = "Ana Ruiz said: “We will not pay.” Officials deny that."
    return [
        make(one, [
            {"content": [at(one, "“We will not pay a cent,”")], "source": [at(one, "Ana Ruiz, the mayor")], "cue": [at(one, "told")], "speaker": "Ana Ruiz", "role": "mayor", "type": "direct"},
            {"content": [at(one, "the road was closed")], "source": [at(one, "She")], "cue": [at(one, "said")], "speaker": "Ana Ruiz", "role": "mayor"},
        ], id="one", title="Road closed", outlet="The Wire", published="2024-05-01"),
        make(other, [
            {"content": [at(other, "“We will not pay.”")], "source": [at(other, "Ana Ruiz")], "cue": [at(other, "said")], "speaker": "Ana Ruiz", "type": "direct"},
            {"content": [at(other, "that")], "source": [at(other, "Officials")], "cue": [at(other, "deny")], "speaker": "Officials", "kind": "group", "act": "denial"},
        ], id="two", title="No money", outlet="The Daily", published="2024-05-03"),
    ]  # fmt: skip


def found_by_hand(article: Article) -> ArticleClaims:
    """What a model might find: the words "said no" and who said them, wherever they stand."""
    text = article.text
    claims = [{"content": [(m, m + 2)], "speaker": "Ana Ruiz"} for m in range(len(text)) if text.startswith("no", m)]
    return make(text, claims, **{k: v for k, v in article.ref.model_dump().items() if k != "sha256"})


def app_with(folder: Path, articles: Iterable[ArticleClaims] = (), *, limits: Limits | None = None, **settings: Any) -> FastAPI:
    """An application with articles on its desk, whose model is taken as loaded."""
    app = create_app(Settings(corrections=folder / "gold.jsonl", limits=limits or Limits(), **settings))
    site = app.state.site

    async def ready() -> None:
        site.work.ready = True

    site.warm_up = ready
    for found in articles:
        site.desk.put(found)
    return app


def client_of(app: FastAPI, **headers: str) -> TestClient:
    return TestClient(app, base_url=BASE, headers=headers)


def keys(app: FastAPI) -> list[str]:
    """Keys of the open articles, in the order in which they were put there."""
    return [key for key, _ in app.state.site.desk][::-1]


__all__ = ["BASE", "NASTY", "PAGE", "TRICKY", "app_with", "client_of", "found_by_hand", "keys", "nasty", "tricky", "two_outlets"]
