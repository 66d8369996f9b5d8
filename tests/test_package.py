"""The wheel: it carries the model and its data files, and names its entry points."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from conftest import ROOT


def test_the_wheel_carries_model_and_data(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = tmp_path.glob("claim_attribution-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = archive.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    for name in ("model.onnx", "tokenizer.json", "labels.json", "meta.json", "README.md"):
        assert f"attribution/models/en/{name}" in names
    assert {"attribution/py.typed", "attribution/lexicon/cues.tsv", "attribution/lexicon/antecedents.json"} <= names
    assert "[spacy_factories]" in entry_points and "[console_scripts]" in entry_points
    assert {"attribution/formats/html/page.css", "attribution/formats/html/page.js"} <= names
    assert not [n for n in names if n.startswith(("tests/", "training/", "seeds/"))]


def test_the_model_file_is_small_enough_to_live_in_a_repository() -> None:
    assert (ROOT / "models" / "en" / "model.onnx").stat().st_size < 30_000_000
