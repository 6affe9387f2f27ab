from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from threonate.report.cohort import view_result
from threonate.report.summary import summarise_endpoint, without_nan
from threonate.report.whole import summarise
from unit.report.catalogue import ENDPOINTS, make_catalogue
from unit.report.synthetic import make_result

STATISTICS = {"baseline", "last_day_mean", "change", "max", "time_of_max_h"}


def test_every_endpoint_has_its_five_statistics():
    observables = summarise(make_result(), make_catalogue())["observables"]

    assert set(observables) == set(ENDPOINTS)
    for entry in observables.values():
        for numbers in entry.get("hypotheses", {"": entry}).values():
            assert set(numbers) >= STATISTICS
            assert set(numbers["change"]) == {"median", "p5", "p95"}


def test_statistics_agree_with_numpy_over_the_sound_subjects():
    result = make_result()
    arm = result.arm("l_threonate", "null")
    sound = arm.status.filter(pl.col("ok"))["subject"].to_list()
    rows = arm.daily.filter((pl.col("endpoint") == "Mg_plasma") & pl.col("subject").is_in(sound))
    last = rows.filter(pl.col("day") == 83).sort("subject")["value"].to_numpy()
    before = rows.filter(pl.col("day") < 0).group_by("subject").agg(pl.col("value").mean()).sort("subject")
    change = last - before["value"].to_numpy()

    told = summarise(result, make_catalogue())["observables"]["Mg_plasma"]["change"]

    assert told["median"] == pytest.approx(np.median(change))
    assert told["p5"] == pytest.approx(np.quantile(change, 0.05))
    assert told["p95"] == pytest.approx(np.quantile(change, 0.95))


def test_brain_endpoints_stand_under_each_hypothesis_and_are_not_pooled():
    entry = summarise(make_result(), make_catalogue())["observables"]["Mg_csf_relative"]

    assert set(entry["hypotheses"]) == {"null", "threonate"}
    assert not STATISTICS & set(entry)
    assert entry["grade"] == "D"
    assert entry["hypotheses"]["null"]["grade"] == "B"
    assert entry["hypotheses"]["threonate"]["change"]["median"] > entry["hypotheses"]["null"]["change"]["median"]


def test_highest_level_comes_from_the_course_and_highest_amount_from_the_days():
    result = make_result()
    view = view_result(result, make_catalogue())
    arm = result.arm("l_threonate", "null")

    level = summarise_endpoint(view, arm, "Mg_plasma")
    amount = summarise_endpoint(view, arm, "Mg_urine_24h")

    assert level["max"]["median"] > level["last_day_mean"]["median"]
    assert amount["time_of_max_h"]["median"] % 24 == 0
    assert 24 <= amount["time_of_max_h"]["median"] <= 84 * 24


def test_wash_out_is_neither_the_last_day_nor_the_highest():
    with_wash_out = make_result(washout_days=10, days=20)
    plain = make_result(days=20)

    told, expected = (summarise(result, make_catalogue())["observables"] for result in (with_wash_out, plain))

    assert told["Mg_urine_24h"]["last_day_mean"] == expected["Mg_urine_24h"]["last_day_mean"]
    assert told["Mg_urine_24h"]["max"] == expected["Mg_urine_24h"]["max"]


def test_failed_subjects_are_counted_and_change_no_number():
    result = make_result()
    spoiled = []
    for arm in result.arms:
        lost = (pl.col("subject") == 23) & (pl.col("day") >= 0)
        values = pl.when(lost).then(float("nan")).otherwise(pl.col("value")).alias("value")
        spoiled.append(replace(arm, daily=arm.daily.with_columns(values)))

    told = summarise(replace(result, arms=tuple(spoiled)), make_catalogue())

    assert told["subjects"] == {"simulated": 24, "completed": 23, "failed": 1}
    assert told["observables"] == summarise(result, make_catalogue())["observables"]


def test_several_compounds_are_told_arm_by_arm_with_the_main_one_in_front():
    result = make_result(("citrate", "l_threonate"))

    told = summarise(result, make_catalogue())

    assert list(told["arms"]) == ["l_threonate", "citrate"]
    assert told["observables"] == told["arms"]["l_threonate"]["observables"]


def test_nothing_recorded_gives_none_and_no_nan_reaches_the_file():
    result = make_result(subjects=2)
    arms = tuple(replace(arm, daily=arm.daily.filter(pl.col("day") >= 0)) for arm in result.arms)

    told = summarise(replace(result, arms=arms), make_catalogue())

    assert told["observables"]["Mg_plasma"]["baseline"] == {"median": None, "p5": None, "p95": None}
    json.dumps(without_nan(told), allow_nan=False)


def test_safety_findings_come_most_serious_first():
    assert [finding["severity"] for finding in summarise(make_result(), make_catalogue())["safety"]] == ["stop", "note"]
