"""Loaded by worker processes that find this folder on PYTHONPATH: articles give one claim, or the trouble they ask for."""

import os
import signal
import sys
import time
import types
from pathlib import Path


def extract_article(article, **options):
    from attribution.claims import ArticleClaims, Claim

    text = article.text
    if "HANG" in text:
        time.sleep(600)
    if "CRASH" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "DIE ONCE" in text:
        mark = Path(os.environ["ATTRIBUTION_TEST_MARK"])
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    if "SLOW" in text:
        time.sleep(0.2)
    if "RAISE" in text:
        raise ValueError("no such thing")
    claim = Claim.model_validate({
        "id": f"{hash_of(text):016x}", "article": article.ref.model_dump(), "type": "indirect", "act": "statement",
        "content": {"text": text[:5], "spans": [{"start": 0, "end": 5}]}, "cue": None, "source": None,
        "speaker": {"id": "s", "name": "Ana Ruiz", "kind": "person"}, "paragraph": 0, "confidence": 0.5,
    })  # fmt: skip
    return ArticleClaims(article=article, claims=(claim,), speakers=(claim.speaker,))


def hash_of(text):
    import zlib

    return zlib.crc32(text.encode())


if os.environ.get("ATTRIBUTION_TEST_DIES") and "attribution.corpus.worker" in sys.orig_argv:
    os._exit(7)
fake = types.ModuleType("attribution.extraction")
fake.extract_article = extract_article
sys.modules["attribution.extraction"] = fake
