"""What a run gives a response: exposure from the diet day, a settled rhythm, who the subject is."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.library.imaginary import shelf_with_glow
from threonate.evidence import Catalogue, read_catalogue
from threonate.simulation import Scenario, simulate

RHYTHM = """
  // A daily rhythm that forgets its start within days.
  const day;                day has hour;
  var swing;                                                          swing has fraction;
  swing = 0;
  swing' = (cos(2 * pi * time / day) - swing) / day;
end
"""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The imaginary response with a rhythm beside its score."""
    root = shelf_with_glow(tmp_path_factory.mktemp("shelf"), events=False)
    home = root / "responses" / "glow"
    append(home / "parameters.csv", "day,24,hour,,,0,0,fixed,0,derived,threonate_project,,human,A definition.\n")
    append(home / "response.toml", "settle_h = 240\n")
    text = (home / "glow.ant").read_text(encoding="utf-8")
    (home / "glow.ant").write_text(text.rstrip().removesuffix("end") + RHYTHM, encoding="utf-8")
    add_endpoint(home, "swing")
    return read_catalogue(root)


@pytest.fixture(scope="module")
def lamp(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The imaginary response with its lamp, four days before the trial: filling again since the lamp went out."""
    root = shelf_with_glow(tmp_path_factory.mktemp("shelf"))
    home = root / "responses" / "glow"
    append(home / "response.toml", "settle_h = 96\n")
    add_endpoint(home, "oil")
    return read_catalogue(root)


@pytest.fixture(scope="module")
def leaning(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The imaginary response whose effect has been pulled at for weeks by a link that acts on diet alone."""
    root = shelf_with_glow(tmp_path_factory.mktemp("shelf"), events=False)
    home = root / "responses" / "glow"
    append(home / "response.toml", "settle_h = 2400\n")
    text = (home / "glow.ant").read_text(encoding="utf-8")
    (home / "glow.ant").write_text(text.replace("dream * (Mg_csf_relative - 1)", "dream * Mg_csf_relative"), "utf-8")
    return read_catalogue(root)


def add_endpoint(home: Path, symbol: str) -> None:
    """What a symbol is at the end of a day, read without noise and without a placebo course."""
    text = (home / "endpoints" / "glow_score.toml").read_text(encoding="utf-8")
    text = text.replace('"glow.score"', f'"glow.{symbol}"').replace('"glow.placebo"', '""')
    text = text.replace('kind = "mean"', 'kind = "end"').replace("noise_sd = 1.5", "noise_sd = 0.0")
    (home / "endpoints" / f"glow_{symbol}.toml").write_text(text, encoding="utf-8")


def append(file: Path, line: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + line, encoding="utf-8")


def of(frame: pl.DataFrame, endpoint: str) -> pl.DataFrame:
    return frame.filter(pl.col("endpoint") == endpoint).sort("subject", "day")


def test_diet_alone_is_hardly_an_exposure(catalogue: Catalogue) -> None:
    scenario = Scenario(compound="none", days=7, run_in_days=3, subjects=4, endpoints=("glow",), hypothesis="null")
    score = of(simulate(scenario, catalogue).arms[0].responses, "glow_score")
    effect = (score["value"] - score["placebo"]).abs()

    assert effect.max() < 0.02 * 2.0


def test_placebo_begins_with_the_regimen(catalogue: Catalogue) -> None:
    scenario = Scenario(days=7, run_in_days=3, subjects=2, endpoints=("glow",), hypothesis="null")
    placebo = of(simulate(scenario, catalogue).arms[0].responses, "glow_score").filter(pl.col("subject") == 0)

    before = placebo.filter(pl.col("day") < 0)["placebo"]
    assert before.max() - before.min() < 1e-9
    assert placebo.filter(pl.col("day") >= 0)["placebo"].diff().drop_nulls().max() < -0.1


def test_a_rhythm_has_settled_before_the_first_day(catalogue: Catalogue) -> None:
    scenario = Scenario(days=4, run_in_days=1, subjects=2, endpoints=("glow",), hypothesis="null")
    swing = of(simulate(scenario, catalogue).arms[0].responses, "glow_swing")["value"]
    periodic = 1.0 / (1.0 + (2.0 * 3.141592653589793) ** 2)

    assert swing.to_list() == pytest.approx([periodic] * len(swing), abs=2e-4)


def test_what_events_have_set_is_carried_into_the_trial(lamp: Catalogue) -> None:
    """Off since day 2.5 the lamp fills by a tenth a day: 0.40 at the start; lit, it would fall from there."""
    scenario = Scenario(days=4, run_in_days=1, subjects=2, endpoints=("glow",), hypothesis="null")
    oil = of(simulate(scenario, lamp).arms[0].responses, "glow_oil")["value"]

    assert oil.to_list() == pytest.approx([0.5, 0.6, 0.7, 0.7, 0.6] * 2, abs=2e-3)


@pytest.mark.parametrize(("on", "effect"), [(True, -50.0), (False, 0.0)])
def test_a_link_that_is_switched_by_hand_has_settled_too(leaning: Catalogue, on: bool, effect: float) -> None:
    links = {"brain_to_glow": on, "urine_to_glow": False}
    scenario = Scenario(days=1, run_in_days=1, subjects=2, endpoints=("glow",), links=links, hypothesis="null")
    score = of(simulate(scenario, leaning).arms[0].responses, "glow_score")

    assert (score["value"] - score["placebo"]).to_list() == pytest.approx([effect] * len(score), abs=0.02)


def test_a_response_is_not_drawn_for_those_who_do_not_ask(catalogue: Catalogue) -> None:
    one = {"days": 2, "run_in_days": 1, "subjects": 3, "hypothesis": "null"}
    asked, bare = (simulate(Scenario(**one, endpoints=words), catalogue) for words in (("glow",), ()))

    assert asked.subjects.equals(bare.subjects)
    assert "threonate_project" in asked.sources
    assert set(bare.sources) <= set(asked.sources)
