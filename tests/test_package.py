"""The wheel: it carries the model and its data files, and names its entry points."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = folder.glob("claim_attribution-*.whl")
    return built


def test_the_wheel_carries_model_and_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = archive.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    for name in ("model.onnx", "tokenizer.json", "labels.json", "meta.json", "README.md"):
        assert f"attribution/models/en/{name}" in names
    assert {"attribution/py.typed", "attribution/lexicon/cues.tsv", "attribution/lexicon/antecedents.json", "attribution/lexicon/cueless.json", "attribution/lexicon/roles.json", "attribution/lexicon/lemmas.tsv"} <= names
    for group in ("console_scripts", "spacy_factories", "spacy_models", "spacy_displacy_colors"):
        assert f"[{group}]" in entry_points
    assert {"attribution/formats/html/page.css", "attribution/formats/html/page.js"} <= names
    assert not [n for n in names if n.startswith(("tests/", "training/", "seeds/"))]


def test_spacy_loads_the_pipeline_by_name_from_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "site"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(target), str(wheel)]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    program = """
import spacy, en_attribution, attribution
nlp = spacy.load("en_attribution", config={"components.attribution.spans_key": "sc"})
doc = nlp('"We will not pay," Ana Ruiz told reporters.')
print(en_attribution.__file__, attribution.__file__, [c.speaker.name for c in doc._.claims], "sc" in doc.spans, sep="|")
"""
    env = {**os.environ, "PYTHONPATH": str(target)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
    package, library, speakers, spans = done.stdout.strip().split("|")
    assert Path(package).is_relative_to(target) and Path(library).is_relative_to(target)
    assert (speakers, spans) == ("['Ana Ruiz']", "True")


def test_the_model_file_is_small_enough_to_live_in_a_repository() -> None:
    assert (ROOT / "models" / "en" / "model.onnx").stat().st_size < 30_000_000
