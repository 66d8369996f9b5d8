from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.pipeline.encoder import TOKEN_TYPES, batches, pad, piece, windows
from attribution.pipeline.network import OnnxNetwork
from attribution.pipeline.reader import Reader, lay_out

pytestmark = pytest.mark.model


def pieces_of(reader: Reader, text: str):
    blocks, marked = lay_out(text)
    return piece(text, reader.tokenizer, blocks, marked)


@given(st.lists(st.text(alphabet="aB. “”é\u0301😀\u00a0", min_size=1, max_size=80), max_size=12))
@settings(deadline=None, max_examples=60)
def test_windows_cover_every_piece_once(reader: Reader, lines: list[str]) -> None:
    p = pieces_of(reader, "\n".join(lines))
    covered = np.zeros(len(p), dtype=int)
    for w in windows(p, core=16, left=8, right=4):
        assert w.start <= w.core_start < w.core_end <= w.end
        assert w.core_end - w.core_start <= 16 + 1
        covered[w.core_start : w.core_end] += 1
    assert (covered == 1).all()
    assert ((p.types >= 0) & (p.types < TOKEN_TYPES)).all()


def test_case_and_quotation_reach_the_encoder(reader: Reader) -> None:
    plain, quoted, title = (pieces_of(reader, t) for t in ("say it", "“say it”", "Say it"))
    assert plain.types[0] != title.types[0]
    assert plain.types[1] != quoted.types[2]


def test_padding_changes_no_score(reader: Reader) -> None:
    short, long = pieces_of(reader, "He said it rained."), pieces_of(reader, "She said that " + "very " * 40 + "much was lost.")
    items = [(p, w) for p in (short, long) for w in windows(p)]
    alone = reader.network(*pad(items[:1]), 0.5)
    together = reader.network(*pad(items), 0.5)
    n = len(short) + 2
    np.testing.assert_allclose(alone[0][0, :n], together[0][0, :n], atol=2e-3)
    np.testing.assert_allclose(alone[3][0, :n], together[3][0, :n], atol=2e-2)


def test_batches_hold_every_window_once(reader: Reader) -> None:
    p = pieces_of(reader, "\n".join(["He said no to that again and again."] * 90))
    items = [(p, w) for w in windows(p)]
    groups = list(batches(items, budget=700))
    assert sorted(i for g in groups for i in g) == list(range(len(items)))
    assert len(groups) > 1


def test_an_ordinary_window_is_a_forward_pass_of_its_own_and_short_texts_go_together(reader: Reader) -> None:
    long = pieces_of(reader, "\n".join(["He said no to that again and again."] * 90))
    assert all(len(g) == 1 for g in batches([(long, w) for w in windows(long)]))
    short = pieces_of(reader, "He said no to that again and again.")
    assert len(list(batches([(short, w) for w in windows(short)] * 12))) == 1


def test_no_anchor_at_all(reader: Reader) -> None:
    assert reader.read(["The bridge is long."]) == [[]]


def test_network_survives_pickling(reader: Reader) -> None:
    import pickle

    assert isinstance(reader.network, OnnxNetwork)
    again = pickle.loads(pickle.dumps(reader.network))
    assert again.path == reader.network.path and again.threads == reader.network.threads
