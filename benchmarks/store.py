"""How fast a store answers: a made store of a million claims, every command's question and the ten in SQL, timed.

    python benchmarks/store.py STORE.duckdb [--claims N] [--seed N] [--repeat N]

A store that is there is asked as it is; otherwise it is made first. Prints one JSON object.

The made news: stories, each on a day, with a few speakers and a dozen things said. Each story is carried by one to twelve
of 300 outlets, each of which takes some of what was said and changes a word in one quotation of eight. Speakers (30,000,
a few of them named as in docs/corpus/questions.md) and words (40,000, made of syllables, and some of real news) are
drawn by Zipf's law. A tenth of the claims is anonymous, 45 of 100 are direct. Same seed, same store.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from attribution.claims import Speaker
from attribution.corpus.answers import Filter
from attribution.corpus.identity import speaker_key
from attribution.corpus.insertion import ArticleRow, ClaimRow, SpeakerRow, add_rows
from attribution.corpus.store import Store
from attribution.corpus.words import Stemmer

PAGE = Path(__file__).parent.parent / "docs" / "corpus" / "questions.md"
BATCH = 5_000
FIRST_DAY = date(2022, 1, 1)
DAYS = 730
ACTS = ("statement", "belief", "request", "promise", "denial", "question", "prediction", "other")
REAL_WORDS = (
    "the of to and in a that is for on it was with as he be by at not will we have are this they from but has had "
    "war Ukraine talks government minister levy tax people country police court election border trade climate peace party "
    "president vote economy price budget health school water energy gas oil weapons report inquiry plan deal law"
).split()
REAL_PEOPLE = (
    ("Antony Blinken", "secretary of state", "State Department"), ("Qin Gang", "foreign minister", None),
    ("Daniel Kritenbrink", "top diplomat for East Asia", "State Department"),
    ("Matthew Miller", "spokesperson", "State Department"), ("Wang Wenbin", "spokesman", "foreign ministry"),
)  # fmt: skip
FILLER = " ".join(f"The {w} was seen again on that day, and nobody spoke of it." for w in ("road", "bridge", "square") * 8)


class News:
    """Made articles, in batches of rows."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        syllables = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "er", "il", "on")]
        made = {"".join(self.random.choice(syllables, size=self.random.integers(2, 5))) for _ in range(60_000)}
        self.words = np.array(REAL_WORDS + sorted(made)[:40_000])
        self.word_weights = self._zipf(len(self.words), 1.0)
        self.people = [*self._known(), *self._made_people(sorted(made))]
        self.people_weights = self._zipf(len(self.people), 0.9)
        self.outlets = [f"The {w.capitalize()} {kind}" for w in sorted(made)[100:200] for kind in ("Times", "Post", "Courier")]
        self.outlet_weights = self._zipf(len(self.outlets), 0.8)

    @staticmethod
    def _zipf(size: int, power: float) -> Any:
        weights = 1 / np.arange(1, size + 1) ** power
        return np.cumsum(weights / weights.sum())

    def _draw(self, cumulative: Any, size: int) -> Any:
        return np.minimum(np.searchsorted(cumulative, self.random.random(size)), len(cumulative) - 1)

    def _known(self) -> list[tuple[SpeakerRow, str | None, str | None]]:
        return [(_speaker(name, "person"), role, affiliation) for name, role, affiliation in REAL_PEOPLE]

    def _made_people(self, made: list[str]) -> Iterator[tuple[SpeakerRow, str | None, str | None]]:
        names = self.random.choice(made, size=(30_000, 2))
        places = [w.capitalize() for w in made[:500]]
        for i, (first, last) in enumerate(names):
            place = places[i % len(places)]
            if i % 10 == 9:
                yield _speaker(f"{('two', 'three', 'senior')[i % 3]} {place} officials", "anonymous"), None, None
            elif i % 10 == 8:
                yield _speaker(f"{place} Ministry of {last.capitalize()}", "organization"), None, None
            else:
                role = ("minister", "spokeswoman", "mayor", "director")[i % 4]
                yield _speaker(f"{first.capitalize()} {last.capitalize()}", "person"), role, f"{place} government"

    def stories(self) -> Iterator[list[ArticleRow]]:
        """Stories without end: the articles that carry each."""
        number = 0
        while True:
            number += 1
            day = FIRST_DAY + timedelta(days=int(self.random.integers(DAYS)))
            speakers = [self.people[i] for i in self._draw(self.people_weights, 5)]
            lengths = self.random.integers(6, 30, size=14)
            words = self.words[self._draw(self.word_weights, int(lengths.sum()))]
            ends = np.cumsum(lengths)
            said = [(list(words[e - n : e]), speakers[int(i)]) for e, n, i in zip(ends, lengths, self.random.integers(5, size=14), strict=True)]
            outlets = sorted({self.outlets[i] for i in self._draw(self.outlet_weights, int(self.random.integers(1, 13)))})
            yield [self._article(number, outlet, day, said) for outlet in outlets]

    def _article(self, story: int, outlet: str, day: date, said: list[Any]) -> ArticleRow:
        id_ = f"{outlet.removeprefix('The ').replace(' ', '-').lower()}-{story}"
        published = (day + timedelta(days=int(self.random.integers(3) == 2))).isoformat()
        claims = tuple(self._claim(i, *s) for i, s in enumerate(said) if self.random.random() < 0.75)
        text = f"{id_}. {FILLER} " + " ".join(c.content for c in claims)
        digest = sha256(text.encode()).hexdigest()
        url = f"https://{outlet.split()[1].lower()}.example/{id_}"
        values = (id_, f"Story {story}", "made.jsonl", digest, outlet, published, date.fromisoformat(published), url, text, "{}")
        return ArticleRow(f"url {url}", digest, (id_, outlet, url), values, claims)

    def _claim(self, i: int, words: list[str], speaker: tuple[SpeakerRow, str | None, str | None]) -> ClaimRow:
        who, role, affiliation = speaker
        drawn = self.random.random(4)
        if drawn[0] < 0.125:
            at = int(drawn[1] * len(words))
            words = [*words[:at], str(self.words[int(drawn[2] * len(self.words))]), *words[at + 1 :]]
        type_ = ("direct", "indirect", "mixed")[0 if i % 20 < 9 else 1 if i % 20 < 17 else 2]
        content = " ".join(words)
        content = f"“{content}”" if type_ == "direct" else f"that “{content}” and more" if type_ == "mixed" else content
        act = ACTS[0] if i % 3 else ACTS[int(drawn[3] * len(ACTS))]
        start = 2_000 + 150 * i
        record = {
            "id": f"{i:016x}", "type": type_, "act": act, "content": {"text": content, "spans": [{"start": start, "end": start + len(content)}]},
            "cue": {"text": "said", "spans": [{"start": start - 5, "end": start - 1}], "lemma": "say"},
            "source": {"text": who.name, "spans": [{"start": start - 20, "end": start - 6}]},
            "speaker": {"id": sha256(who.key.encode()).hexdigest()[:16], "name": who.name, "kind": who.kind, "role": role, "affiliation": affiliation},
            "addressee": None, "polarity": "affirmed", "parent": None, "paragraph": i, "block": "body", "confidence": round(0.5 + drawn[1] / 2, 4),
            "evidence": [{"step": "name", "from": who.name, "to": who.name, "spans": [{"start": start - 20, "end": start - 6}]}],
        }  # fmt: skip
        values = (
            record["id"], role, affiliation, who.name, "said", "say", content, None, type_, act, "affirmed", "body", i, start,
            start + len(content), record["confidence"], None, json.dumps(record, separators=(",", ":")),
        )  # fmt: skip
        return ClaimRow(who, content, type_, values)


def _speaker(name: str, kind: Any) -> SpeakerRow:
    return SpeakerRow(name, kind, *speaker_key(Speaker(id="s", name=name, kind=kind)))


def make(path: Path, claims: int, seed: int) -> dict[str, Any]:
    """Make the store and say how long it took."""
    started, done, articles = time.perf_counter(), 0, 0
    stemmer = Stemmer()
    waiting: list[ArticleRow] = []
    with Store.open(path) as store:
        for story in News(seed).stories():
            waiting += story
            here = sum(len(a.claims) for a in story)
            done += here
            if len(waiting) >= BATCH or done >= claims:
                added = add_rows(store._connection, waiting, stemmer, str(path))
                articles += added.new
                waiting = []
            if done >= claims:
                break
    seconds = time.perf_counter() - started
    return {"claims": done, "articles": articles, "seconds": round(seconds, 1), "claims_a_second": round(done / seconds)}


def questions() -> list[tuple[str, str]]:
    """The ten questions of the documentation: title and SQL."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"^## (.+?)\n.*?\$ attribution corpus sql \S+ \"(.*?)\"\n", text, re.MULTILINE | re.DOTALL)
    return [(title, sql.replace("\\\n", "\n")) for title, sql in found]


def commands(store: Store) -> dict[str, Callable[[], object]]:
    """Every command's question, on what the store has."""
    quoted = next(c.text for c in store.claims(Filter(types=("direct",), speaker="Qin Gang")) if len(c.text.split()) > 12)
    words = quoted.strip("“”").split()
    altered = " ".join([*words[:4], "never", *words[5:]])
    rare = " ".join(w for w in words if len(w) > 4)[:60]
    about = '"peace talks" Ukraine'
    busy = Filter(speaker="Antony Blinken")
    return {
        "claims --speaker": lambda: list(store.claims(busy, limit=1_000)),
        "claims --speaker --format jsonl": lambda: list(store.found(busy, limit=1_000)),
        "claims --about, two frequent words": lambda: list(store.claims(Filter(about="war government"), limit=1_000)),
        "claims --about, a phrase and a word": lambda: list(store.claims(Filter(about=about), limit=1_000)),
        "claims --about, rare words": lambda: list(store.claims(Filter(about=rare), limit=1_000)),
        "claims, all filters": lambda: list(store.claims(Filter(
            speaker="Miller", about="war", since=date(2022, 3, 1), until=date(2023, 3, 1), types=("direct",), kinds=("person",),
            acts=("statement", "denial"), min_confidence=0.6,
        ), limit=1_000)),
        "people": lambda: store.people(limit=50),
        "people --since": lambda: store.people(Filter(since=date(2023, 11, 1)), limit=50),
        "quote": lambda: store.quote(quoted),
        "quote, altered": lambda: store.quote(altered),
        "quote, frequent words": lambda: store.quote("the war in Ukraine is not the war of the people and the government"),
        "timeline": lambda: store.timeline(busy, by="day"),
        "variants": lambda: store.variants(limit=20),
        "variants --speaker": lambda: store.variants(busy, limit=20),
        "info": store.info,
    }  # fmt: skip


def timed(ask: Callable[[], object], repeat: int) -> dict[str, float]:
    """Seconds of the first run and the median of all, and the processor time of the median run.

    On a machine that does other work too, the processor time is what the question itself costs; on two free cores its
    answer takes between half of it and all.
    """
    seconds, work = [], []
    for _ in range(repeat):
        started, busy = time.perf_counter(), time.process_time()
        ask()
        seconds.append(time.perf_counter() - started)
        work.append(time.process_time() - busy)
    return {"first": round(seconds[0], 3), "median": round(statistics.median(seconds), 3), "cpu": round(statistics.median(work), 3)}


def machine() -> str:
    """The processor's name and how many cores this process may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    info = Path("/proc/cpuinfo")
    name = re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    return f"{name[1] if name else platform.processor() or platform.machine()}, {cores} cores"


def main() -> None:
    """Make the store if it is missing, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", type=Path)
    parser.add_argument("--claims", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    made = None if options.store.exists() else make(options.store, options.claims, options.seed)
    started = time.perf_counter()
    with Store.open(options.store, read_only=True) as store:
        opening = time.perf_counter() - started
        seconds = {name: timed(ask, options.repeat) for name, ask in commands(store).items()}
        asked = {f"sql: {t}": timed(lambda q=sql: store.sql(q), options.repeat) for t, sql in questions()}
        info = store.info().model_dump(mode="json")
    load = round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None
    figures = {"machine": machine(), "load": load, "made": made, "store": info, "opening": round(opening, 3), "seconds": seconds | asked}
    print(json.dumps(figures, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
