"""Extraction: text or articles in, claims out; one process or several, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from spacy.language import Language

from attribution.articles.read import Fields, make_article, read_all
from attribution.claims import Article, ArticleClaims, Claim
from attribution.errors import AttributionError, InputError
from attribution.pipeline.components import load
from attribution.pipeline.doc_claims import ARTICLE, claims_of, speakers_of
from attribution.pipeline.documents import make_doc
from attribution.pipeline.given import BLOCKS

_BATCH = 8


@lru_cache(maxsize=4)
def _pipeline(model: Path | None, threads: int | None) -> Language:
    return load(model=model, threads=threads, annotate=())  # nobody sees the Docs


def extract(text: str | Article, *, model: Path | None = None) -> list[Claim]:
    """The claims that a text attributes to somebody, in order of the text.

    Args:
        text: an article's text, or an ``Article`` from ``attribution.read``.
        model: a model folder; the shipped model by default.

    Raises:
        InputError: the text is longer than an article can be.
        ModelError: the model is missing.

    """
    article = text if isinstance(text, Article) else make_article(text)
    return list(_extract_batch([article], model, None)[0].claims)


def extract_many(
    inputs: Iterable[str | Path | Article],
    *,
    workers: int = 1,
    model: Path | None = None,
    fields: Fields | None = None,
    fetch: bool = False,
    any_language: bool = False,
    on_error: str = "raise",
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

    Raises:
        ValueError: an argument has a value that is not allowed.
        InputError: an input cannot be read, and ``on_error`` is "raise".

    """
    if workers < 1:
        raise ValueError(f"workers is {workers}; it takes 1 or more")
    if on_error not in ("raise", "yield"):
        raise ValueError(f"on_error is {on_error!r}; it takes 'raise' or 'yield'")
    batches = _batched(_articles(inputs, fields, fetch, any_language))
    results = _in_process(batches, model) if workers == 1 else _in_workers(batches, workers, model)
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
    return _extract_batch([article], model, threads)[0]


Item = Article | InputError
Result = ArticleClaims | InputError


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


def _in_process(batches: Iterable[list[Item]], model: Path | None) -> Iterator[Result]:
    for batch in batches:
        yield from _run(batch, model, None)


def _in_workers(batches: Iterable[list[Item]], workers: int, model: Path | None) -> Iterator[Result]:
    """Spawned processes (onnxruntime does not survive a fork), a bounded number of batches ahead of the reader."""
    from collections import deque
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[list[Result]]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_run, batch, model, 1))
            if len(waiting) > 4 * workers:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _run(batch: list[Item], model: Path | None, threads: int | None) -> list[Result]:
    """The results of a batch; if it fails as a whole, each article alone, so that one costs only itself."""
    articles = [item for item in batch if isinstance(item, Article)]
    found: list[Result]
    try:
        found = list(_extract_batch(articles, model, threads))
    except AttributionError:
        raise
    except Exception:
        found = [_alone(article, model, threads) for article in articles]
    rest = iter(found)
    return [next(rest) if isinstance(item, Article) else item for item in batch]


def _alone(article: Article, model: Path | None, threads: int | None) -> Result:
    try:
        return _extract_batch([article], model, threads)[0]
    except AttributionError:
        raise
    except Exception as error:
        where = article.source or article.id
        return InputError(where, f"failed inside the pipeline ({type(error).__name__}: {error}); please report it")


def _extract_batch(articles: list[Article], model: Path | None, threads: int | None) -> list[ArticleClaims]:
    nlp = _pipeline(model, threads)
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
