"""The server: the API's answers, corrections as gold, what is refused, and that nothing of a client is ever opened."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from made import TRICKY, at, make, tricky
from web_site import BASE, NASTY, PAGE, app_with, client_of, found_by_hand, keys, nasty, two_outlets

from attribution import formats
from attribution.claims import Article, ArticleClaims
from attribution.errors import InputError, MissingExtraError
from attribution.evaluation.gold import read_gold_set
from attribution.evaluation.measure import measure
from attribution.evaluation.metrics import Figure
from attribution.evaluation.predictions import read_predictions
from attribution.pipeline.segmentation import paragraphs
from attribution.training.corpora import read_corrected
from attribution.web import site as web_site_module
from attribution.web.desk import Desk
from attribution.web.reasons import WORDS, reasons
from attribution.web.reviews import Reviews
from attribution.web.server import Address, listen, settings_for
from attribution.web.settings import Limits, Settings


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Extraction by hand in the place of the model."""

    def extract_many(inputs: list[Article], **_: Any) -> Iterator[ArticleClaims]:
        for article in inputs:
            yield found_by_hand(article)

    monkeypatch.setattr(web_site_module, "extract_many", extract_many)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


# --- extraction ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_model")
def test_extract_answers_with_the_models_of_the_library(tmp_path: Path) -> None:
    text = "🗞️ Ana Ruíz\u0301 said no.\r\nAnd no."
    with client_of(app_with(tmp_path)) as client:
        answer = client.post("/api/extract", json={"articles": [{"text": text, "id": "x", "outlet": "La Marea"}, {"text": " \n "}]})
    assert answer.status_code == 200
    [found] = [ArticleClaims.model_validate(a) for a in answer.json()["articles"]]
    assert found.article.text == text and found.article.outlet == "La Marea" and len(found.claims) == 2
    assert all(text[s.start : s.end] == "no" for c in found.claims for s in c.content.spans)
    assert [(p["status"], p["detail"], p["where"]) for p in answer.json()["problems"]] == [(422, "the text is empty", "text")]


@pytest.mark.usefixtures("no_model")
def test_a_stream_has_a_line_an_article_and_a_problem_in_its_place(tmp_path: Path) -> None:
    texts = [{"text": "He said no."}, {"text": "  "}, {"text": "Sie sagten nein.", "language": "de"}, {"text": "no"}]
    with client_of(app_with(tmp_path)) as client:
        answer = client.post("/api/extract/stream", json={"articles": texts})
    found = lines(answer.text)
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [("claims" in f, f.get("status")) for f in found] == [(True, None), (False, 422), (False, 422), (True, None)]
    assert "another language" in found[2]["detail"]


@pytest.mark.model
def test_the_model_extracts(tmp_path: Path, seeds: list[Path]) -> None:
    from attribution.web.app import create_app

    text = seeds[-1].read_text("utf-8")
    with client_of(create_app(Settings(corrections=tmp_path / "gold.jsonl"))) as client:
        assert client.get("/healthz").status_code == 200
        deadline = time.monotonic() + 120
        while client.get("/readyz").status_code == 503 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert client.get("/readyz").json()["status"] == "ok"
        found = ArticleClaims.model_validate(client.post("/api/extract", json={"articles": [{"text": text}]}).json()["articles"][0])
    assert len(found.claims) > 10 and {"Qin Gang", "Daniel Kritenbrink"} <= {c.speaker.name for c in found.claims}


@pytest.mark.usefixtures("no_model")
def test_uploads_are_read_by_their_names_and_no_name_is_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The secret said no.", encoding="utf-8")
    uploads = [
        ("files", (str(secret), b"First said no.")), ("files", ("../../etc/passwd", b"Second said no.")),
        ("files", ("..\\..\\x.txt", b"Third said no.")), ("files", ("rows.jsonl", b'{"id": "r1", "text": "Row said no."}\nbroken\n')),
        ("files", ("file:///etc/passwd", b"Fourth said no.")), ("files", ("a.pdf", b"%PDF-1.4 broken")), ("files", ("empty.txt", b"")),
    ]  # fmt: skip
    app = app_with(tmp_path)
    with client_of(app) as client:
        found = lines(client.post("/api/articles", files=uploads, data={"text": "Pasted said no.", "title": "T"}).text)
    texts = [f.article.text for _, f in app.state.site.desk][::-1]
    assert texts == ["Pasted said no.", "First said no.", "Second said no.", "Third said no.", "Row said no.", "Fourth said no."]
    assert [f.article.source for _, f in app.state.site.desk][::-1][1:4] == ["secret.txt", "passwd", "x.txt"]
    assert [f["where"] for f in found if "status" in f] == ["rows.jsonl:2", "a.pdf", "empty.txt"]
    assert not any("secret said" in t for t in texts)


@pytest.mark.usefixtures("no_model")
def test_the_form_works_without_a_script(tmp_path: Path) -> None:
    with client_of(app_with(tmp_path)) as client:
        answer = client.post("/", data={"text": "Ana said no."}, files={"files": ("", b"")}, follow_redirects=False)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/articles/")
        assert "Ana said" in client.get(answer.headers["location"], headers=PAGE).text.replace("</b>", "")
        assert client.post("/", files={"files": ("", b"")}).status_code == 422


@pytest.mark.parametrize("path", ["/articles/../../etc/passwd", "/articles/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/api/articles/..%2f..%2fetc%2fpasswd", "/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2f..%2fapp.py", "/static//etc/passwd", "/api/articles/x/download/..%2f..%2fx"])
def test_no_path_of_a_client_is_opened(tmp_path: Path, path: str) -> None:
    with client_of(app_with(tmp_path)) as client:
        answer = client.get(path)
    assert answer.status_code in (404, 422) and "root:" not in answer.text and "FastAPI" not in answer.text


# --- articles, people, comparison ------------------------------------------------------------------------------------


def test_open_articles_are_listed_shown_downloaded_and_closed(tmp_path: Path) -> None:
    app = app_with(tmp_path, [*two_outlets(), tricky(id="t")])
    with client_of(app) as client:
        listed = client.get("/api/articles").json()
        assert [e["claims"] for e in listed] == [9, 2, 2] and listed[1]["outlet"] == "The Daily"
        key = listed[0]["key"]
        found = ArticleClaims.model_validate(client.get(f"/api/articles/{key}").json())
        assert found == tricky(id="t")
        assert client.get(f"/articles/{key}", headers=PAGE).status_code == 200
        assert client.delete(f"/api/articles/{key}").status_code == 204
        assert client.delete(f"/api/articles/{key}").status_code == 404
        gone = client.get(f"/articles/{key}", headers=PAGE)
        assert gone.status_code == 404 and "closed" in gone.text and "text/html" in gone.headers["content-type"]


@pytest.mark.parametrize("name", [f.value for f in formats.FORMATS])
def test_every_format_is_downloaded(tmp_path: Path, name: str) -> None:
    app = app_with(tmp_path, [nasty()])
    with client_of(app) as client:
        answer = client.get(f"/api/articles/{keys(app)[0]}/download/{name}")
    assert answer.status_code == 200 and answer.content
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename=") and "/" not in disposition.split("''")[0] and "\n" not in disposition
    chosen = formats.format_of(name)
    if chosen.kind == "folder":
        assert zipfile.ZipFile(BytesIO(answer.content)).namelist()


def test_people_are_one_over_articles(tmp_path: Path) -> None:
    app = app_with(tmp_path, two_outlets())
    with client_of(app) as client:
        people = client.get("/api/people").json()
        ana = people["counts"]["speakers"][0]
        assert ana["speaker"]["name"] == "Ana Ruiz" and (ana["claims"], ana["articles"]) == (3, 2)
        assert [p["period"] for p in people["periods"]] == ["2024-05-01", "2024-05-03"]
        assert [o["name"] for o in people["outlets"]] == ["The Daily", "The Wire"] and people["counts"]["anonymous"] == 0.25
        page = client.get("/people", headers=PAGE).text
        assert "The Daily" in page and "Over time" in page
        own = client.get(f"/people/{ana['speaker']['id']}", headers=PAGE)
        assert own.status_code == 200 and own.text.count("road was closed") == 1 and "mayor" in own.text
        assert client.get("/people/nobody", headers=PAGE).status_code == 404


@pytest.mark.model
def test_a_comparison_of_open_articles_and_texts(tmp_path: Path) -> None:
    app = app_with(tmp_path, two_outlets())
    with client_of(app) as client:
        asked = client.post("/api/compare", json={"open": keys(app)})
        assert asked.status_code == 200 and [a["label"] for a in asked.json()["articles"]] == ["The Wire", "The Daily"]
        assert any(len(r["versions"]) == 2 for r in asked.json()["rows"])
        page = client.get("/compare", params={"article": keys(app)}, headers=PAGE)
        assert page.status_code == 200 and "Only here" in page.text and "a cent" in page.text
        assert client.post("/api/compare", json={"open": keys(app)[:1]}).status_code == 422
        assert client.post("/api/compare", json={"open": ["x", "y"]}).status_code == 404
        assert "Choose two" in client.get("/compare", headers=PAGE).text


def test_evidence_is_told_in_words() -> None:
    import re

    table = (ROOT / "docs" / "explain" / "speakers.md").read_text("utf-8")
    steps = re.findall(r"^\| `([a-z ]+)` \|", table[: table.index("## Kinds of speakers")], re.MULTILINE)
    assert steps and [s for s in steps if s not in WORDS] == []
    text = "Ana Ruiz came.\nLuis stayed.\nShe said no."
    claim = make(text, [{"content": [at(text, "no")], "speaker": "Ana Ruiz"}]).claims[0]
    evidence = claim.evidence[0].model_validate({"step": "pronoun", "from": "She", "to": "Ana Ruiz", "spans": [{"start": 28, "end": 31}, {"start": 0, "end": 8}]})
    [reason] = reasons(claim.model_copy(update={"evidence": (evidence,)}), paragraphs(text))
    assert (reason.seen, reason.taken, reason.why) == ("She", "Ana Ruiz", "whom the pronoun most likely means, 2 paragraphs before")


def test_the_desk_is_bounded() -> None:
    desk = Desk(articles=3, characters=60)
    made = [make(f"{i} said no.", [], id=str(i)) for i in range(5)]
    first = [desk.put(m) for m in made]
    assert [desk.get(k) is not None for k in first] == [False, False, True, True, True]
    desk.put(make("x" * 55, [], id="long"))
    assert len(desk) == 1 and desk.put(made[0]) == first[0]


# --- corrections -----------------------------------------------------------------------------------------------------


def test_corrections_become_gold_and_are_taken_back(tmp_path: Path) -> None:
    given = tricky(id="t")
    app = app_with(tmp_path, [given])
    gold = tmp_path / "gold.jsonl"
    [key] = keys(app)
    ids = [c.id for c in given.claims]
    said = TRICKY.index("Nobody was named")
    with client_of(app) as client:
        def correct(**body: Any) -> ArticleClaims:
            answer = client.post(f"/api/articles/{key}/corrections", json=body)
            assert answer.status_code == 200, answer.text
            return ArticleClaims.model_validate(answer.json())

        after = correct(op="change", claim=ids[0], speaker={"name": " Marta  Pena ", "kind": "person"}, act="denial")
        changed = next(c for c in after.claims if c.id == ids[0])
        assert (changed.speaker.name, changed.act, changed.confidence, changed.evidence[0].step) == ("Marta Pena", "denial", 1.0, "corrected")
        after = correct(op="change", claim=ids[4], content=[{"start": said, "end": said + 6}], cue=[])
        changed = next(c for c in after.claims if c.id == ids[4])
        assert changed.content.text == "Nobody" and changed.cue is None and changed.selectors[0].quote.exact == "Nobody"
        after = correct(op="reject", claim=ids[2])
        assert next(c for c in after.claims if c.id == ids[3]).parent == ids[1]
        after = correct(op="add", content=[{"start": said + 7, "end": said + 10}], speaker={"name": "", "kind": "person"})
        assert len(after.claims) == 9 and any(c.content.text == "was" and c.speaker.kind == "unknown" for c in after.claims)
        assert "corrected" in client.get(f"/articles/{key}", headers=PAGE).text
        [article] = read_corrected([gold])
        assert sorted(c.content for c in article.claims) == sorted([(s.start, s.end) for s in c.content.spans] for c in after.claims)
        assert client.get("/api/corrections").text == gold.read_text("utf-8")
        assert len(client.get(f"/api/articles/{key}/corrections").json()) == 4
        for left in (3, 2, 1):
            assert client.delete(f"/api/articles/{key}/corrections/last").status_code == 200
            assert len(client.get(f"/api/articles/{key}/corrections").json()) == left
        again = Reviews(gold).get(given)
        assert again is not None and again.found == given and len(again.corrections) == 1
        last = ArticleClaims.model_validate(client.delete(f"/api/articles/{key}/corrections/last").json())
        assert last == given and not gold.exists()
        assert client.delete(f"/api/articles/{key}/corrections/last").status_code == 409


@pytest.mark.parametrize(("body", "status"), [
    ({"op": "reject", "claim": "nope"}, 409), ({"op": "change", "claim": "nope"}, 409), ({"op": "other"}, 422),
    ({"op": "add", "content": []}, 422), ({"op": "add", "content": [{"start": 5, "end": 5}]}, 422), ({"op": "add", "content": [{"start": 0, "end": 10**9}]}, 422),
    ({"op": "change", "claim": "0" * 16, "content": []}, 422), ({"op": "change", "claim": "0" * 16, "kind": "person"}, 422),
])  # fmt: skip
def test_wrong_corrections_are_refused_and_change_nothing(tmp_path: Path, body: dict[str, Any], status: int) -> None:
    app = app_with(tmp_path, [tricky()])
    with client_of(app) as client:
        answer = client.post(f"/api/articles/{keys(app)[0]}/corrections", json=body)
    assert answer.status_code == status and answer.headers["content-type"] == "application/problem+json" and answer.json()["detail"]
    assert not (tmp_path / "gold.jsonl").exists()


def test_gold_of_others_in_the_file_stays_and_damage_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    other = json.dumps({"id": "o", "text": "x said y", "attributions": [], "meta": {}}) + "\n"
    path.write_text(other, encoding="utf-8")
    reviews = Reviews(path)
    given = tricky()
    from attribution.web.corrections import Reject

    reviews.add(given, Reject(op="reject", claim=given.claims[0].id))
    assert path.read_text("utf-8").startswith(other) and len(path.read_text("utf-8").splitlines()) == 2
    measured = measure(read_gold_set(path), read_predictions(path_of_predictions(tmp_path, given)))
    assert measured.tally.total(Figure("content exact")).gold == len(given.claims) - 1
    path.write_text("{broken\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"gold.jsonl:1"):
        reviews.get(given)


def path_of_predictions(folder: Path, found: ArticleClaims) -> Path:
    path = folder / "claims.jsonl"
    formats.write([found], path)
    return path


# --- safety ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8765", "192.168.1.5:8765", "localhost.evil", "", "[::1", "a@127.0.0.1"])
def test_other_hosts_are_refused(tmp_path: Path, host: str) -> None:
    with client_of(app_with(tmp_path)) as client:
        expected = 200 if host == "a@127.0.0.1" else 421
        assert client.get("/api/articles", headers={"host": host}).status_code in (expected, 421)
        for fine in ("localhost", "127.0.0.1:1", "[::1]:8765", "LOCALHOST:80"):
            assert client.get("/api/articles", headers={"host": fine}).status_code == 200


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"origin": "http://127.0.0.1:9999"}, {"origin": "https://127.0.0.1:8765"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}])
def test_pages_of_others_cannot_change_anything(tmp_path: Path, headers: dict[str, str]) -> None:
    app = app_with(tmp_path, [tricky()])
    with client_of(app) as client:
        for method, path in [("POST", "/api/articles"), ("POST", "/"), ("DELETE", f"/api/articles/{keys(app)[0]}"), ("POST", "/api/extract")]:
            answer = client.request(method, path, headers=headers)
            assert answer.status_code == 403 and "access-control-allow-origin" not in answer.headers
        assert client.delete(f"/api/articles/{keys(app)[0]}", headers={"origin": BASE}).status_code == 204


def test_every_answer_is_locked_down(tmp_path: Path) -> None:
    app = app_with(tmp_path, [nasty(), *two_outlets()])
    with client_of(app) as client:
        for path in ("/", f"/articles/{keys(app)[0]}", "/people", "/compare", "/api", "/api/articles", "/nothing", "/static/page.css", "/static-marks.css"):
            answer = client.get(path, headers=PAGE)
            policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
            assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'" and "unsafe" not in str(policy), path
            assert answer.headers["x-content-type-options"] == "nosniff" and policy["frame-ancestors"] == "'none'"
            if "html" in answer.headers["content-type"]:
                html = answer.text
                assert "<script>" not in html and " style=" not in html and "onerror=\"" not in html.replace("&#34;", ""), path
                assert "http://" not in html.replace(BASE, "") and "https://" not in html.replace("https://e.org", ""), path
                assert NASTY not in html


def test_a_token_lets_in(tmp_path: Path) -> None:
    app = app_with(tmp_path, [tricky()], token="open sesame"[:4] + "-sesame")
    with client_of(app) as client:
        refused = client.get("/api/articles")
        assert refused.status_code == 401 and refused.headers["www-authenticate"] == "Bearer"
        assert client.get("/", headers=PAGE).status_code == 401 and client.get("/?token=wrong", headers=PAGE).status_code == 401
        assert client.get("/api/articles", headers={"authorization": "Bearer open-sesame"}).status_code == 200
        assert client.get("/api/articles", headers={"authorization": "Bearer wröng".encode("latin-1")}).status_code == 401
        assert client.get("/healthz").status_code == client.get("/static/page.css").status_code == 200
        entered = client.get("/?token=open-sesame", follow_redirects=False)
        cookie = entered.headers["set-cookie"].lower()
        assert entered.status_code == 303 and entered.headers["location"] == "/" and "httponly" in cookie and "samesite=strict" in cookie
        assert client.get("/", headers=PAGE).status_code == 200


def test_another_host_needs_a_token_and_answers_to_addresses_alone() -> None:
    open_ = settings_for(Address("0.0.0.0", 1), Settings(corrections=Path("x")))
    assert open_.token and len(open_.token) >= 20 and open_.any_address
    local = settings_for(Address("127.0.0.1", 1), Settings(corrections=Path("x")))
    assert local.token is None and not local.any_address
    assert Address("::", 80).url == "http://127.0.0.1:80/" and not Address("::", 80).is_loopback and Address("::1", 80).is_loopback
    assert not Address("evil.example", 80).is_loopback


def test_bodies_are_bounded(tmp_path: Path) -> None:
    app = app_with(tmp_path, limits=Limits(body_bytes=1000, upload_bytes=5000, files=2))
    with client_of(app) as client:
        assert client.post("/api/extract", json={"articles": [{"text": "x" * 2000}]}).status_code == 413
        stream = client.post("/api/extract", content=iter([b'{"articles": [{"text": "'] + [b"x" * 500] * 5), headers={"content-type": "application/json"})
        assert stream.status_code == 413 and stream.json()["status"] == 413
        assert client.post("/api/articles", files={"files": ("a.txt", b"x" * 6000)}).status_code == 413
        assert client.post("/api/articles", files=[("files", (f"{i}.txt", b"x")) for i in range(3)]).status_code == 400
        assert client.post("/api/articles", data={"text": "x"}).status_code == 415
        for wrong in (b"{", b"\xff\xfe", b"[" * 100000, b'{"articles": [{"text": "\\ud800"}]}'):
            answer = client.post("/api/extract", content=wrong[:900], headers={"content-type": "application/json"})
            assert answer.status_code in (400, 422) and answer.headers["content-type"] == "application/problem+json"


def test_what_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(inputs: list[Article], **_: Any) -> Iterator[ArticleClaims]:
        time.sleep(0.5)
        yield found_by_hand(inputs[0])

    monkeypatch.setattr(web_site_module, "extract_many", slow)
    with client_of(app_with(tmp_path, limits=Limits(seconds=0.2))) as client:
        answer = client.post("/api/extract", json={"articles": [{"text": "no"}]})
        assert answer.status_code == 503 and "longer than 0.2 seconds" in answer.json()["detail"] and answer.headers["retry-after"]
        stream = client.post("/api/extract/stream", json={"articles": [{"text": "no"}]})
        assert lines(stream.text)[-1]["status"] == 503


def test_fifty_at_once_are_answered_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = 0

    def slow(inputs: list[Article], **_: Any) -> Iterator[ArticleClaims]:
        nonlocal running
        running += 1
        assert running == 1  # one at a time: memory is that of one
        time.sleep(0.02)
        running -= 1
        yield found_by_hand(inputs[0])

    monkeypatch.setattr(web_site_module, "extract_many", slow)
    app = app_with(tmp_path, limits=Limits(waiting=8))
    with client_of(app) as client, ThreadPoolExecutor(50) as pool:
        def ask(i: int) -> Any:
            return client.post("/api/extract", json={"articles": [{"text": f"{i} said no."}]})

        answers = list(pool.map(ask, range(50)))
        assert client.post("/api/extract", json={"articles": [{"text": "no"}]}).status_code == 200  # and all is well after
    codes = [a.status_code for a in answers]
    assert set(codes) <= {200, 503} and codes.count(200) >= 8 and codes.count(503) >= 1
    for i, a in enumerate(answers):
        if a.status_code == 200:
            assert a.json()["articles"][0]["article"]["text"] == f"{i} said no."
        else:
            assert a.headers["retry-after"] == "5" and a.headers["content-type"] == "application/problem+json"


# --- schema, command -------------------------------------------------------------------------------------------------


def test_the_schema_is_typed_by_the_models_and_says_how_offsets_count(tmp_path: Path) -> None:
    with client_of(app_with(tmp_path)) as client:
        schema = client.get("/api/openapi.json").json()
    assert {"ArticleClaims", "Claim", "Span", "Problem", "Comparison", "People"} <= set(schema["components"]["schemas"])
    assert "code points" in schema["info"]["description"]
    claim = schema["components"]["schemas"]["Evidence"]["properties"]
    assert "from" in claim and "from_" not in claim
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            for code, answer in operation["responses"].items():
                if int(code) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (path, method, code)


@pytest.mark.usefixtures("no_model")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_schema_is_kept(tmp_path: Path) -> None:
    """Schemathesis: whatever the schema allows is answered as the schema says, and nothing ends in 500."""
    schemathesis = pytest.importorskip("schemathesis")
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    # a span ends after it starts, and inside the text: JSON Schema cannot say so, and we answer 422
    excluded = [positive_data_acceptance]
    app = app_with(tmp_path, two_outlets())
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers={"host": "127.0.0.1"})
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], database=None)
        @given(case=operation.as_strategy())
        def probe(case: Any) -> None:
            case.call_and_validate(headers={"host": "127.0.0.1"}, excluded_checks=excluded)

        probe()


def test_a_taken_port_and_missing_files_are_told(tmp_path: Path) -> None:
    with listen(Address("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = [sys.executable, "-m", "attribution", "serve", "--no-browser", "--port", port, "--corrections", str(tmp_path / "g.jsonl")]
        done = subprocess.run(run, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 2 and port in done.stderr and "--port" in done.stderr
    done = subprocess.run([sys.executable, "-m", "attribution", "serve", "nowhere.txt"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2 and "nowhere.txt: no such file" in done.stderr


def test_without_its_extra_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from attribution.cli.serve import serve

    monkeypatch.setitem(sys.modules, "attribution.web.server", None)
    with pytest.raises(MissingExtraError, match=r"claim-attribution\[web\]"):
        serve([])


# --- the corpus store ------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Path:
    pytest.importorskip("duckdb")
    from attribution.corpus.store import Store

    path = tmp_path / "news.duckdb"
    with Store.open(path) as opened:
        opened.add(two_outlets())
    return path


def test_a_store_is_asked_and_its_articles_opened(tmp_path: Path, store: Path) -> None:
    app = app_with(tmp_path, store=store)
    with client_of(app) as client:
        assert client.get("/api/corpus").json()["articles"] == 2
        found = client.post("/api/corpus/claims", json={"filter": {"speaker": "ruiz"}, "limit": 2}).json()
        assert found["total"] == 3 and len(found["claims"]) == 2
        assert client.post("/api/corpus/people", json={}).json()[0]["name"] == "Ana Ruiz"
        assert [p["claims"] for p in client.post("/api/corpus/timeline", json={}).json()] == [2, 2]
        assert client.post("/api/corpus/quote", json={"words": "We will not pay a cent"}).json()[0]["score"] == 1
        assert client.post("/api/corpus/claims", json={"filter": {"since": "2024-06-01", "until": "2024-05-01"}}).status_code == 422
        page = client.get("/corpus", params={"about": "road"}, headers=PAGE)
        assert page.status_code == 200 and "1 claim fit" in page.text and "road was closed" in page.text
        assert client.get("/corpus", params={"since": "yesterday"}, headers=PAGE).status_code == 422
        claim = found["claims"][1]
        number = claim["article_number"]
        assert ArticleClaims.model_validate(client.get(f"/api/corpus/articles/{number}").json()).article.title == "Road closed"
        opened = client.get(f"/corpus/articles/{number}", params={"claim": claim["id"]}, follow_redirects=False)
        assert opened.status_code == 303 and opened.headers["location"].endswith("#t1-2")
        assert client.get(opened.headers["location"], headers=PAGE).status_code == 200
        assert client.get("/api/corpus/articles/99").status_code == 404
    with client_of(app_with(tmp_path)) as client:
        assert client.get("/api/corpus").status_code == 404 and "serve STORE" in client.get("/api/corpus").json()["detail"]


def test_a_store_is_known_by_its_bytes(tmp_path: Path, store: Path) -> None:
    from attribution.cli.serve import _is_store

    (tmp_path / "text.duckdb").write_text("DUCK DUCK", encoding="utf-8")
    assert _is_store(store) and not _is_store(tmp_path / "text.duckdb") and not _is_store(tmp_path)
