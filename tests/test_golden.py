"""Golden outputs: what the shipped model finds in the two sample articles, with tolerances.

Made anew, after a look at what changed, by ``python tests/test_golden.py``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import attribution

PATH = Path(__file__).parent / "cases" / "golden.json"
CONFIDENCE = 0.02  # probabilities differ between CPUs in the fourth digit; confidence is rounded to the second


def found(path: Path) -> list[dict[str, Any]]:
    """The claims of an article in short."""
    return [
        {"content": [[s.start, s.end] for s in c.content.spans], "cue": c.cue.text if c.cue else None,
         "speaker": c.speaker.name if c.speaker else None, "type": c.type, "act": c.act, "confidence": c.confidence}
        for c in attribution.extract(path.read_text(encoding="utf-8"))
    ]  # fmt: skip


@pytest.mark.model
@pytest.mark.parametrize("name", ["daily.txt", "wire.txt"])
def test_what_the_shipped_model_finds(name: str) -> None:
    golden = json.loads(PATH.read_text(encoding="utf-8"))[name]
    now = found(ROOT / "seeds" / name)
    assert [{**c, "confidence": None} for c in now] == [{**c, "confidence": None} for c in golden]
    for c, g in zip(now, golden, strict=True):
        assert c["confidence"] == pytest.approx(g["confidence"], abs=CONFIDENCE), g


if __name__ == "__main__":
    golden = {p.name: found(p) for p in sorted((ROOT / "seeds").glob("*.txt"))}
    PATH.write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
