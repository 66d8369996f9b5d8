"""The data files: well-formed, unambiguous where they must be, and of known kinds."""

from __future__ import annotations

from importlib.resources import files

from attribution import lexicon
from attribution.pipeline import role_scores
from attribution.pipeline.antecedents import FEATURES, _weights
from attribution.pipeline.labels import KINDS, PARTS


def test_every_row_has_its_columns() -> None:
    columns = {"cues.tsv": 2, "irregular.tsv": 2, "nouns.tsv": 2, "metonyms.tsv": 3, "countries.tsv": 3, "forenames.tsv": 2}
    for name, count in columns.items():
        for line in files("attribution.lexicon").joinpath(name).read_text(encoding="utf-8").splitlines():
            assert not line.strip() or line.startswith("#") or line.count("\t") == count - 1, (name, line)


def test_kinds_are_known() -> None:
    assert set(lexicon.noun_kinds().values()) <= set(KINDS)
    assert {kind for _, kind in lexicon.metonyms().values()} <= set(KINDS)


def test_metonyms_name_countries_by_their_usual_name() -> None:
    names = {c.name for c in lexicon.countries()}
    capitals = {who for who, kind in lexicon.metonyms().values() if kind == "government"}
    institutions = {"Kremlin", "White House", "Downing Street", "Élysée", "Vatican", "Holy See"}
    assert capitals - institutions <= names


def test_forenames_have_one_gender() -> None:
    assert set(lexicon.forename_genders().values()) == {"M", "F"}
    assert lexicon.female_leaning("Rosalinda") > 0 > lexicon.female_leaning("Igor")


def test_antecedent_weights_fit_the_features() -> None:
    weights = _weights()
    assert len(weights.features) == len(FEATURES) and any(weights.features)
    assert weights.layer is not None and weights.layer.units.shape == (len(weights.layer.out), len(FEATURES))


def test_role_weights_fit_the_features() -> None:
    weights = role_scores._weights()
    assert (len(weights.features), len(weights.nobody)) == (len(role_scores.FEATURES), len(role_scores.NOBODY))
    assert any(weights.features) and any(weights.nobody)


def test_the_table_of_lemmas_is_small_well_formed_and_says_its_licence() -> None:
    text = files("attribution.lexicon").joinpath("lemmas.tsv").read_text(encoding="utf-8")
    assert len(text.encode()) < 300_000 and "CC BY-SA 4.0" in text and "@" not in text
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    assert {len(row) for row in rows} == {5} and {row[0] for row in rows} == {"word", "rule", "case"}
    assert {row[1] for row in rows} <= set(PARTS)
    table = lexicon.lemma_table()
    assert all((part, "") in table.rules for part in {part for part, _ in table.rules})
    assert all(0 <= strip < table.longest for strip, _ in table.rules.values())
