"""By whose rules claims are marked: our guide's, or PolNeAR's."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from attribution.errors import ModelError
from attribution.evaluation.gold import read_gold_records
from attribution.pipeline.conventions import AUTO, CUT, GUIDE, POLNEAR, Looks, convention_of, shipped, words
from attribution.pipeline.encoder import pad, piece, windows
from attribution.pipeline.reader import Reader, Settings, Tuning, lay_out, load_reader, model_folder
from attribution.training.augmentation import wrap
from attribution.training.corpora import Article, Marked

CAMPAIGN = (
    "Donald Trump told supporters at a rally in Iowa that Hillary Clinton would be a disaster. The Republican nominee leads in a poll "
    "of GOP primary voters. Clinton’s campaign said the Democratic candidate would debate him. Sanders and Rubio tweeted."
)
ELSEWHERE = (
    "The transport minister, Anneke Vos, told parliament in The Hague that trains would run again on Monday. The union said "
    "that its members had not been asked. Officials from two provinces warned of delays."
)


def test_words_tell() -> None:
    assert words("Ann’s 2 cats, ann!") == {"ann", "s", "cats"}
    looks = Looks(-1.0, {"rally": 4.0})
    assert looks.probability("A rally") > 0.5 > looks.probability("A boat") > 0.0
    assert looks.probability("12 …") == 0.0


def test_only_what_looks_like_polnear_is_read_by_its_rules() -> None:
    assert shipped().probability(CAMPAIGN) > CUT > shipped().probability(ELSEWHERE)
    assert (convention_of(CAMPAIGN), convention_of(ELSEWHERE)) == (POLNEAR, GUIDE)
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        assert convention_of(path.read_text(encoding="utf-8")) == GUIDE


def test_settings_choose() -> None:
    assert Settings().convention_of(CAMPAIGN) == POLNEAR
    assert Settings(convention=GUIDE).convention_of(CAMPAIGN) == GUIDE
    assert Settings(tunings={GUIDE: Tuning()}).convention_of(CAMPAIGN) == GUIDE


def test_the_network_is_told(reader: Reader) -> None:
    paragraphs, marked = lay_out(ELSEWHERE)
    ours, theirs = (piece(ELSEWHERE, reader.tokenizer, paragraphs, marked, convention=c) for c in (GUIDE, POLNEAR))
    assert len(set((theirs.types - ours.types).tolist())) == 1
    _, types, _, _ = pad([(theirs, w) for w in windows(theirs)])
    assert types[0, 0] == types[0, len(theirs) + 1] == (theirs.types - ours.types)[0]
    with pytest.raises(ValueError, match="not in tuple"):
        piece(ELSEWHERE, reader.tokenizer, paragraphs, marked, convention="mine")


def test_wrapping_follows_the_rules() -> None:
    text = "The mayor said on Monday the bridge would stay closed for another week."
    claim = Marked([(0, 9)], [(10, 14)], [(25, len(text) - 1)])
    seen = set()
    for complete in (True, False):
        for seed in range(30):
            made = wrap(Article("a", text, [claim], complete), 1.0, random.Random(seed))
            contents = [made.text[s:e] for c in made.claims for s, e in c.content]
            if " that " in made.text:
                seen.add(complete)
                assert any(c.startswith("that ") for c in contents) is not complete
    assert seen == {True, False}


@pytest.mark.model
def test_more_contents_begin_with_that_by_polnear() -> None:
    texts = [r["text"] for r in read_gold_records(ROOT / "tests" / "gold")]
    count = {
        c: sum(x["content"]["text"].startswith("that ") for found in load_reader(convention=c).read(texts) for x in found)
        for c in (AUTO, GUIDE, POLNEAR)
    }
    assert count[AUTO] == count[GUIDE] < count[POLNEAR]


def test_an_unknown_convention_is_refused() -> None:
    with pytest.raises(ValueError, match="auto, guide, polnear"):
        load_reader(convention="house")


def test_a_model_that_has_not_learnt_it_says_so(tmp_path: Path) -> None:
    for path in model_folder().iterdir():
        (tmp_path / path.name).symlink_to(path)
    meta = json.loads((tmp_path / "meta.json").read_text(encoding="utf-8"))
    del meta["tunings"][POLNEAR]
    (tmp_path / "meta.json").unlink()
    (tmp_path / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    assert load_reader(tmp_path).settings.convention_of(CAMPAIGN) == GUIDE
    with pytest.raises(ModelError, match="has learnt guide, not polnear"):
        load_reader(tmp_path, convention=POLNEAR)


def test_confidence_is_fitted_for_each() -> None:
    tunings = load_reader().settings.tunings
    assert set(tunings) == {GUIDE, POLNEAR}
    assert not np.isclose(tunings[GUIDE].calibration.bias, tunings[POLNEAR].calibration.bias)
