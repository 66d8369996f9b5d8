"""The simulation behind docs/scale.md: its own sense, and that the page says what it gives."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

import pytest
from conftest import ROOT


@pytest.fixture
def simulate(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import simulate

    return simulate


def test_nothing_goes_wrong_takes_what_the_work_takes(simulate) -> None:
    calm = simulate.Cluster(articles=64_000, cores=64, preempted_a_day=0, slow_machines=0, spread=0, hangs_a_million=0, start=0)
    found = simulate.simulate(calm)
    assert found["ended"] == found["shards"] == 128
    assert found["hours"] == round(2 * 500 * 500 / calm.rate / 3600, 2) and found["lost_core_hours"] == 0
    assert simulate.simulate(replace(calm, cores=32))["hours"] == pytest.approx(2 * found["hours"], abs=0.02)


def test_every_shard_ends_whatever_is_taken_away(simulate) -> None:
    rough = simulate.Cluster(articles=100_000, cores=64, preempted_a_day=200, hangs_a_million=1000)
    found, kept = simulate.simulate(rough), simulate.simulate(replace(rough, journal=True))
    assert found["ended"] == found["shards"] == kept["ended"] and found["lost_core_hours"] > 0 == kept["lost_core_hours"]
    assert found == simulate.simulate(rough) != simulate.simulate(replace(rough, seed=7))


def test_the_page_says_what_the_simulation_gives(simulate) -> None:
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(.+?)` \| ([\d.]+) \| ([\d.,]+) \| ([\d,]+) \|$", page, re.MULTILINE)
    assert len(rows) >= 6
    for settings, *shown in rows:
        values = {k.arg: ast.literal_eval(k.value) for k in ast.parse(f"f({settings})", mode="eval").body.keywords}
        found = simulate.simulate(simulate.Cluster(**values))
        assert [float(x.replace(",", "")) for x in shown] == [found["hours"], found["lost_core_hours"], found["paid_core_hours"]]


def test_the_pages_arithmetic(simulate) -> None:
    page = " ".join((ROOT / "docs" / "scale.md").read_text(encoding="utf-8").split())
    rate = int(re.search(r"at ([\d,]+) words a second and core", page)[1].replace(",", ""))
    hours = int(re.search(r"\*\*([\d,]+) core-hours\*\*", page)[1].replace(",", ""))
    assert hours == round(5e10 / rate / 3600) and rate == simulate.Cluster().rate
    assert f"{round(hours * 0.02):,} dollars; with *p* = 0.05, what cores to keep may cost, {round(hours * 0.05):,}." in page
