"""Extraction: text or articles in, claims out; one process or several, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path

from spacy.language import Language

from attribution.articles.read import Fields, make_article, read_all
from attribution.claims import Article, ArticleClaims, Claim
from attribution.errors import AttributionError, InputError
from attribution.pipeline.components import load
from attribution.pipeline.conventions import AUTO
from attribution.pipeline.doc_claims import ARTICLE, claims_of, speakers_of
from attribution.pipeline.documents import make_doc
from attribution.pipeline.given import BLOCKS

_BATCH = 8


@lru_cache(maxsize=4)
def _pipeline(model: Path | None, threads: int | None, convention: str) -> Language:
    return load(model=model, threads=threads, annotate=(), convention=convention)  # nobody sees the Docs


def extract(text: str | Article, *, model: Path | None = None, convention: str = AUTO) -> list[Claim]:
    """The claims that a text attributes to somebody, in order of the text.

    Args:
        text: an article's text, or an ``Article`` from ``attribution.read``.
        model: a model folder; the shipped model by default.
        convention: by whose rules claims are marked: "guide" (ours), "polnear" (that corpus', which keeps "that" in the
            content and marks attitudes), or "auto": the guide, but for texts that look like PolNeAR's.

    Raises:
        ValueError: there is no such convention.
        InputError: the text is longer than an article can be.
        ModelError: the model is missing.

    """
    article = text if isinstance(text, Article) else make_article(text)
    return list(_extract_batch([article], model, None, convention)[0].claims)


def extract_many(
    inputs: Iterable[str | Path | Article],
    *,
    workers: int = 1,
    model: Path | None = None,
    fields: Fields | None = None,
    fetch: bool = False,
    any_language: bool = False,
    on_error: str = "raise",
    convention: str = AUTO,
) -> Iterator[ArticleClaims | InputError]:
    """The claims of many articles, streamed in the order of the inputs.

    Args:
        inputs: articles, or files of all formats that are read, folders, globs, "-" for standard input, URLs.
        workers: processes, one thread each; 1 stays in this process and uses all cores.
        model: a model folder; the shipped model by default.
        fields: names of the fields of rows (JSONL, CSV, TSV, Parquet).
        fetch: load URLs.
        any_language: read articles, too, that are surely not in English; without it each gives a ``LanguageError``.
        on_error: "raise" an input's error, or "yield" it in its place and go on.
        convention: by whose rules claims are marked, see ``extract``.

    Raises:
        ValueError: an argument has a value that is not allowed.
        InputError: an input cannot be read, and ``on_error`` is "raise".

    """
    if workers < 1:
        raise ValueError(f"workers is {workers}; it takes 1 or more")
    if on_error not in ("raise", "yield"):
        raise ValueError(f"on_error is {on_error!r}; it takes 'raise' or 'yield'")
    batches = _batched(_articles(inputs, fields, fetch, any_language))
    run = partial(_run, model=model, threads=None if workers == 1 else 1, convention=convention)
    results = _in_process(batches, run) if workers == 1 else _in_workers(batches, workers, run)
    for result in results:
        if isinstance(result, InputError) and on_error == "raise":
            raise result
        yield result


def extract_article(article: Article, *, model: Path | None = None, threads: int | None = None) -> ArticleClaims:
    """Claims and speakers of one article, read alone: what is found does not depend on what is read beside it.

    Args:
        article: from ``attribution.read`` or ``make_article``.
        model: a model folder; the shipped model by default.
        threads: threads of the forward pass; all cores by default.

    """
    return _extract_batch([article], model, threads, AUTO)[0]


Item = Article | InputError
Result = ArticleClaims | InputError
Run = Callable[[list[Item]], list[Result]]


def _articles(
    inputs: Iterable[str | Path | Article], fields: Fields | None, fetch: bool, any_language: bool
) -> Iterator[Item]:
    for given in inputs:
        if isinstance(given, Article):
            yield given
        else:
            yield from read_all([given], fields=fields, fetch=fetch, any_language=any_language)


def _batched(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Groups of a few articles; a long one ends its group."""
    group: list[Item] = []
    size = 0
    for item in items:
        group.append(item)
        size += len(item.text) if isinstance(item, Article) else 0
        if len(group) >= _BATCH or size > 50_000:
            yield group
            group, size = [], 0
    if group:
        yield group


def _in_process(batches: Iterable[list[Item]], run: Run) -> Iterator[Result]:
    for batch in batches:
        yield from run(batch)


def _in_workers(batches: Iterable[list[Item]], workers: int, run: Run) -> Iterator[Result]:
    """Spawned processes (onnxruntime does not survive a fork), a bounded number of batches ahead of the reader."""
    from collections import deque
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[Result]]] = deque()
        for batch in batches:
            waiting.append(pool.submit(run, batch))
            if len(waiting) > 4 * workers:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _run(batch: list[Item], model: Path | None, threads: int | None, convention: str) -> list[Result]:
    """The results of a batch; if it fails as a whole, each article alone, so that one costs only itself."""
    articles = [item for item in batch if isinstance(item, Article)]
    found: list[Result]
    try:
        found = list(_extract_batch(articles, model, threads, convention))
    except AttributionError:
        raise
    except Exception:
        found = [_alone(article, model, threads, convention) for article in articles]
    rest = iter(found)
    return [next(rest) if isinstance(item, Article) else item for item in batch]


def _alone(article: Article, model: Path | None, threads: int | None, convention: str) -> Result:
    try:
        return _extract_batch([article], model, threads, convention)[0]
    except AttributionError:
        raise
    except Exception as error:
        where = article.source or article.id
        return InputError(where, f"failed inside the pipeline ({type(error).__name__}: {error}); please report it")


def _extract_batch(
    articles: list[Article], model: Path | None, threads: int | None, convention: str
) -> list[ArticleClaims]:
    nlp = _pipeline(model, threads, convention)
    docs = []
    for article in articles:
        doc = make_doc(nlp, article.text)
        doc.user_data[ARTICLE] = article.ref.model_dump()
        doc.user_data[BLOCKS] = [(b.kind, b.span.start, b.span.end) for b in article.blocks]
        docs.append(doc)
    return [
        ArticleClaims(article=article, claims=tuple(claims_of(doc)), speakers=tuple(speakers_of(doc)))
        for article, doc in zip(articles, nlp.pipe(docs, batch_size=_BATCH), strict=True)
    ]
