"""The spaCy pipeline package: ``spacy.load("en_attribution")``.

spaCy looks for an installed distribution of that name and calls ``load`` of the module of that name. The wheel of
claim-attribution therefore carries this module and, beside it, the metadata of a distribution "en_attribution".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attribution import __version__

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.vocab import Vocab

__all__ = ["__version__", "load"]

_FOLDER = Path(__file__).parent


def load(
    *,
    vocab: Vocab | bool = True,
    disable: str | Iterable[str] = (),
    enable: str | Iterable[str] = (),
    exclude: str | Iterable[str] = (),
    config: Mapping[str, Any] | None = None,
) -> Language:
    """A blank English pipeline with the component "attribution" and the shipped model.

    Args:
        vocab: a vocabulary to share; True makes a new one.
        disable: names of components that are loaded but not run.
        enable: names of components to run; all others are disabled.
        exclude: names of components not to load.
        config: settings in the place of those in config.cfg, nested or with dots:
            ``{"components.attribution.spans_key": "sc"}``.

    """
    from spacy.util import dict_to_dot, load_config, load_meta, load_model_from_config

    from attribution.pipeline.components import MAX_LENGTH

    overrides = dict_to_dot(config or {}, for_overrides=True)
    nlp = load_model_from_config(
        load_config(_FOLDER / "config.cfg", overrides=overrides),
        meta=load_meta(_FOLDER / "meta.json"), vocab=vocab, disable=disable, enable=enable, exclude=exclude, auto_fill=True,
    )  # fmt: skip
    nlp.max_length = MAX_LENGTH
    return nlp
