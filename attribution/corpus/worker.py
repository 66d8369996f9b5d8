"""A worker process: shards come in on standard input, progress goes out on standard output, a line of JSON each.

It reads one article after the other, each alone, with one thread, and puts what it finds into the shard's journal;
when the shard is through, the journal becomes the file of claims and its sidecar. It knows nothing of time limits and
crashes: ``corpus.supervision`` watches from outside, where an endless loop in a C library can be ended, too.

What comes in: {"job"} once; then {"shard", "poisoned": {number: failure}, "rest": failure or null} for each shard. What
goes out: {"ready"}; for each shard {"resumed"}, {"at": number} before an article, {"read"} after it, at last {"done":
sidecar} or {"failed"}.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from attribution.articles.article import make_article
from attribution.claims import Article, Claim
from attribution.corpus.files import digest, whole
from attribution.corpus.job import Job
from attribution.corpus.journal import Journal
from attribution.corpus.shard import Failure, Output, Shard, Sidecar, place, read_shard
from attribution.errors import AttributionError, InputError, LanguageError

Send = Callable[[dict[str, Any]], None]
_WARMING = "The mayor said on Monday that the road was closed."


def main() -> None:
    """Work until standard input ends, which it does when the parent does, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not get between our lines
    orders = _orders(sys.stdin)
    send = _sender(out)
    try:
        job = Job.model_validate(orders.get()["job"])
        from attribution.extraction import extract_article

        extract_article(make_article(_WARMING), model=job.model, threads=1)
        send({"ready": os.getpid()})
        while True:
            order = orders.get()
            poisoned = {int(n): Failure.model_validate(f) for n, f in order["poisoned"].items()}
            rest = Failure.model_validate(order["rest"]) if order["rest"] else None
            done = work(
                Shard.model_validate(order["shard"]), job, send, poisoned=poisoned, rest=rest, restarts=order["restarts"]
            )  # fmt: skip
            send({"done": done.model_dump(mode="json")})
    except OSError as error:  # of the folder of results: those of inputs are failures of their articles
        send({"failed": f"cannot be written: {error.strerror or error}", "where": str(error.filename or "")})
    except AttributionError as error:
        send({"failed": str(error)})


def _orders(stream: TextIO) -> queue.SimpleQueue[dict[str, Any]]:
    orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def listen() -> None:
        for line in stream:
            orders.put(json.loads(line))
        os._exit(0)  # the parent is gone; what is found so far stands in the journal

    threading.Thread(target=listen, daemon=True).start()
    return orders


def _sender(out: TextIO) -> Send:
    def send(message: dict[str, Any]) -> None:
        try:
            out.write(json.dumps(message) + "\n")
            out.flush()
        except BrokenPipeError:
            os._exit(0)

    return send


def work(
    shard: Shard,
    job: Job,
    send: Send,
    *,
    poisoned: Mapping[int, Failure] | None = None,
    rest: Failure | None = None,
    restarts: int = 0,
) -> Sidecar:
    """Read a shard's articles into its journal, then write its claims and its sidecar.

    Args:
        shard: the shard.
        job: what to do.
        send: told of every article before and after it.
        poisoned: articles that are not to be touched again, by number, and why.
        rest: no article is to be touched again, and why.
        restarts: how often the process had to be started again for this shard.

    Raises:
        OSError: the results cannot be written.
        ModelError: the model is missing.

    """
    started = time.monotonic()
    with Journal(job.work_folder, shard.id, key=json.dumps(job.fingerprint, sort_keys=True)) as journal:
        send({"resumed": _counts(journal)})
        if rest is None:
            _read(shard, job, poisoned or {}, journal, send)
        else:
            journal.add({"number": rest.number, "failure": rest.model_dump()})
        done = _finish(shard, job, journal, seconds=time.monotonic() - started, restarts=restarts)
        journal.remove()
    return done


def _read(shard: Shard, job: Job, poisoned: Mapping[int, Failure], journal: Journal, send: Send) -> None:
    at = 0  # what comes unasked is an error at the end of the file, and has this number

    def wanted(number: int) -> bool:
        nonlocal at
        if number in journal.numbers:
            return False
        if number in poisoned:
            journal.add({"number": number, "failure": poisoned[number].model_dump()})
            send({"read": {"failures": 1}})
            return False
        at = number
        send({"at": number})
        return True

    for found in read_shard(shard, job.fields, wanted=wanted, any_language=job.any_language):
        if at in journal.numbers:
            continue
        entry = _entry(found, at, shard, job)
        journal.add(entry)
        send({"read": _count(entry)})
        at = 0


def _count(entry: dict[str, Any]) -> dict[str, int]:
    if "failure" in entry:
        return {"failures": 1}
    return {"articles": 1, "words": entry["words"], "claims": entry["claims"]}


def _counts(journal: Journal) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for entry in journal.entries():
        counts.update(_count(entry))
    return dict(counts)


def _entry(found: Article | InputError, number: int, shard: Shard, job: Job) -> dict[str, Any]:
    """What the journal keeps of an article: its record, or why there is none."""
    from attribution.extraction import extract_article
    from attribution.formats.records import record

    where = place(shard, number)
    if isinstance(found, InputError):
        kind = "language" if isinstance(found, LanguageError) else "input"
        return _failure(found.where, number, kind, found.reason)
    where = found.source or where
    if len(found.text) > job.max_chars:
        reason = (
            f"{len(found.text):,} characters, more than {job.max_chars:,}: split it, or allow more with --max-chars"
        )
        return _failure(where, number, "size", reason)
    try:
        claims = extract_article(found, model=job.model, threads=1)
        claims = job.listed.resolved(claims) if job.listed else claims
    except AttributionError:
        raise
    except Exception as error:
        reason = f"failed inside the pipeline ({type(error).__name__}: {error}); please report it"
        return _failure(where, number, "error", reason)
    words = len(found.text.split())
    return {"number": number, "record": record(claims), "words": words, "claims": len(claims.claims)}


def _failure(where: str, number: int, kind: Any, reason: str) -> dict[str, Any]:
    return {"number": number, "failure": Failure(where=where, number=number, kind=kind, reason=reason).model_dump()}


def _finish(shard: Shard, job: Job, journal: Journal, *, seconds: float, restarts: int) -> Sidecar:
    """Write the claims, then the sidecar: where there is a sidecar there are all claims."""
    target = job.claims_folder / f"{shard.id}.{job.format}"
    _write(journal, target, job)
    counts = {"articles": 0, "words": 0, "claims": 0, **_counts(journal)}
    counts.pop("failures", None)
    failures = tuple(Failure.model_validate(e["failure"]) for e in journal.entries() if "failure" in e)
    done = Sidecar(
        shard=shard, fingerprint=job.fingerprint, failures=failures, seconds=round(seconds, 3), restarts=restarts, **counts,
        output=Output(file=target.name, bytes=target.stat().st_size, sha256=digest(target)),
    )  # fmt: skip
    with whole(job.sidecar_folder / f"{shard.id}.json") as file:
        file.write(done.model_dump_json(indent=1).encode() + b"\n")
    return done


def _write(journal: Journal, target: Path, job: Job) -> None:
    records = (entry["record"] for entry in journal.entries() if "record" in entry)
    with whole(target) as file:
        if job.format == "jsonl":
            for record in records:
                file.write(json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n")
        else:
            from attribution.formats.parquet import write_claims

            write_claims(_claims(records), file)


def _claims(records: Iterator[dict[str, Any]]) -> Iterator[Claim]:
    for record in records:
        yield from map(Claim.model_validate, record["claims"])


if __name__ == "__main__":
    main()
