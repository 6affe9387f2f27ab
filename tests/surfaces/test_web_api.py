"""The interface of the page: answers, refusals, files; one scenario model with the command line."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pyarrow.parquet as pq
import pytest

from surfaces.web_server import QUICK, Served, served, told
from threonate.evidence import Catalogue, read_catalogue
from threonate.simulation import Scenario, simulate
from threonate.simulation.scenario import read_scenario


@pytest.fixture(scope="module")
def page() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture(scope="module")
def shelf() -> Catalogue:
    return read_catalogue()


@pytest.fixture(scope="module")
def explored(page: Served) -> dict[str, Any]:
    return page.client.get("/api/simulate", params=QUICK).raise_for_status().json()


def test_explore_has_figures_bands_grades_and_words(explored: dict[str, Any]):
    assert set(explored["figures"]) == {"plasma", "plasma_course", "urine", "brain"}
    for figure in explored["figures"].values():
        assert figure["y"]["unit"]
        assert figure["grade"]["word"]
        assert figure["sources"]
        assert figure["sentence"]
        for series in figure["series"]:
            assert len(series["x"]) == len(series["median"]) == len(series["low"]) == len(series["high"]) > 0
            assert all(
                low <= middle <= high
                for low, middle, high in zip(series["low"], series["median"], series["high"], strict=True)
            )
    assert explored["band"].startswith("Line: median.")
    assert "not medical advice" in explored["disclaimer"]


def test_brain_is_shown_under_both_hypotheses_and_graded_as_animal_evidence(explored: dict[str, Any]):
    brain = explored["figures"]["brain"]

    assert {series["hypothesis"] for series in brain["series"]} == {"NULL", "THREONATE"}
    assert brain["grades"]["THREONATE"]["letter"] == "D"
    assert brain["warning"]
    assert brain["weakest"]["link"] == "threonate_to_csf"


def test_numbers_are_those_of_the_program(explored: dict[str, Any], shelf):
    result = simulate(read_scenario(QUICK), shelf)
    days = result.arms[0].daily.filter(endpoint="Mg_urine_24h").sort("day", "subject")
    medians = [float(group["value"].median()) for _, group in days.group_by("day", maintain_order=True)]

    [series] = explored["figures"]["urine"]["series"]
    assert series["median"] == pytest.approx(medians, rel=2 * 5e-3)


def test_dose_is_said_three_ways_and_the_way_of_asking_does_not_matter(page: Served, explored: dict[str, Any]):
    dose = explored["dose"]
    again = page.client.get("/api/simulate", params={**QUICK, "elemental_mg": dose["elemental_mg"]}).json()

    assert again["dose"]["sentence"] == dose["sentence"]
    for name in ("compound_mg", "elemental_mg", "mmol", "meq"):
        assert again["dose"][name] == pytest.approx(dose[name], rel=1e-12)
    assert again["provenance"]["result_hash"] == explored["provenance"]["result_hash"]
    assert dose["mmol"] == pytest.approx(dose["elemental_mg"] / 24.305)


def test_the_query_it_returns_asks_for_the_same(page: Served, explored: dict[str, Any]):
    again = page.client.get(f"/api/simulate?{explored['query']}").json()

    assert again["scenario"] == explored["scenario"]
    assert again["provenance"] == explored["provenance"]


def test_safety_comes_with_the_answer(page: Served):
    answer = page.client.get(
        "/api/simulate", params={**QUICK, "egfr": "25", "compound": "oxide", "elemental_mg": "500"}
    )

    severities = [finding["severity"] for finding in answer.json()["safety"]]
    assert severities[0] == "stop"
    assert severities == sorted(severities, key=["stop", "caution", "note"].index)


@pytest.mark.parametrize(
    ("changes", "field", "word"),
    [
        ({"egfr": "0"}, "egfr", "1 to 250"),
        ({"egfr": "nan"}, "egfr", "finite"),
        ({"compound": "citrat", "elemental_mg": "100"}, "compound", "citrate"),
        ({"dayss": "3"}, "dayss", "days"),
        ({"conditions": "ppi,nothing"}, "conditions", "unknown condition"),
        ({"sex": "other"}, "sex", "female"),
        ({"days": "3", "titrate_days": "5"}, "titrate_days", "titrate_days"),
        ({"subjects": "100000"}, "subjects", "job"),
        ({"days": "3650", "subjects": "100"}, "subjects", "job"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(page: Served, changes: dict[str, str], field: str, word: str):
    response = page.client.get("/api/simulate", params={**QUICK, **changes})

    assert response.status_code == 422
    error = told(response)
    assert [problem["field"] for problem in error["problems"]] == [field]
    assert word in error["message"]


@pytest.mark.parametrize("path", ["simulate", "compare", "body_map", "responses", "movers", "report", "export.csv"])
def test_portions_that_no_day_has_room_for_are_refused_by_every_question(page: Served, path: str):
    impossible = {**QUICK, "doses_per_day": "4", "meals": "with"}
    more = {
        "responses": {"endpoints": "sleep"},
        "compare": {"arm": ["compound=citrate", "compound=oxide"]},
        "export.csv": {"figure": "plasma"},
    }
    response = page.client.get(f"/api/{path}", params={**impossible, **more.get(path, {})})

    assert response.status_code == 422
    assert "allowed: 1 to 3, because there are 3 meals" in told(response)["message"]


def test_all_problems_are_told_at_once(page: Served):
    error = told(page.client.get("/api/simulate", params={**QUICK, "egfr": "-1", "age": "900", "meals": "often"}))

    assert {problem["field"] for problem in error["problems"]} == {"egfr", "age", "meals"}
    assert all(problem["allowed"] and problem["remedy"] for problem in error["problems"])


@pytest.mark.parametrize("figure", ["plasma", "plasma_course", "urine", "brain", "body_map"])
def test_files_hold_what_is_seen(page: Served, explored: dict[str, Any], figure: str):
    query = {**QUICK, "figure": figure}
    text = page.client.get("/api/export.csv", params=query).raise_for_status().text
    notes = [line for line in text.splitlines() if line.startswith("# ")]
    rows = list(csv.DictReader(io.StringIO("\n".join(line for line in text.splitlines() if not line.startswith("# ")))))
    median = next(name for name in rows[0] if name.startswith("median ["))
    table = pq.read_table(io.BytesIO(page.client.get("/api/export.parquet", params=query).raise_for_status().content))

    assert table.column(median).to_pylist() == [float(row[median]) for row in rows]
    assert b"result_hash" in table.schema.metadata
    assert any("not medical advice" in line for line in notes)
    assert any(line.startswith("# command: threonate simulate") for line in notes)
    if figure in explored["figures"]:
        seen = explored["figures"][figure]
        numbers = [value for series in seen["series"] for value in series["median"]]
        assert [float(row[median]) for row in rows] == numbers
        assert max(numbers) == seen["max"]
        assert median == f"median [{seen['y']['unit']}]"


def test_files_in_mg_hold_the_same_amounts(page: Served):
    def read(figure: str, **more: str) -> tuple[str, list[float]]:
        text = page.client.get("/api/export.csv", params={**QUICK, "figure": figure, **more}).raise_for_status().text
        table = pl.read_csv(io.StringIO(text), comment_prefix="#")
        name = next(one for one in table.columns if one.startswith("median"))
        return name, table[name].to_list()

    (unit, mmol), (other, mg) = read("urine"), read("urine", amounts="mg")
    assert (unit, other) == ("median [mmol/d]", "median [mg/d]")
    assert mg == pytest.approx([24.305 * one for one in mmol])
    assert read("brain", amounts="mg") == read("brain")
    assert page.client.get("/api/export.csv", params={**QUICK, "figure": "urine", "amounts": "g"}).status_code == 422


def test_a_course_is_drawn_only_where_it_was_recorded(page: Served):
    answer = page.client.get("/api/simulate", params={**QUICK, "days": "9"}).raise_for_status().json()
    [series] = answer["figures"]["plasma_course"]["series"]
    gaps = [after - before for before, after in itertools.pairwise(series["x"])]

    assert sum(gap > 6 for gap in gaps) == 1
    assert min(series["x"]) == -24
    assert max(series["x"]) == 9 * 24
    assert (
        b"NaN"
        not in page.client.get("/api/export.svg", params={**QUICK, "days": "9", "figure": "plasma_course"}).content
    )


def test_pictures_carry_provenance_and_are_the_same_each_time(page: Served):
    query = {**QUICK, "figure": "urine"}
    svg = page.client.get("/api/export.svg", params=query).raise_for_status()
    pdf = page.client.get("/api/export.pdf", params=query).raise_for_status()

    assert svg.content == page.client.get("/api/export.svg", params=query).content
    assert pdf.content == page.client.get("/api/export.pdf", params=query).content
    assert "<desc>" in svg.text
    assert "scenario_hash" in svg.text
    assert pdf.content.startswith(b"%PDF")
    assert "sandbox" in svg.headers["content-security-policy"]


def test_compare_puts_the_same_people_side_by_side(page: Served):
    arms = [urlencode({"compound": name, "elemental_mg": 300}) for name in ("citrate", "oxide")]
    answer = page.client.get("/api/compare", params={**QUICK, "arm": arms}).raise_for_status().json()
    first, second = answer["arms"]

    assert first["ratios"] is None
    assert first["metrics"]["auc"]["median"] > second["metrics"]["auc"]["median"] > 0.0
    assert second["ratios"]["auc"]["median"] < 1.0
    assert {metric["id"] for metric in answer["metrics"]} == set(first["metrics"])
    assert answer["threshold"]["unit"] == "mmol/L"


def test_compare_refuses_other_people_and_wrong_numbers_of_arms(page: Served):
    one = page.client.get("/api/compare", params={**QUICK, "arm": ["compound=citrate&elemental_mg=100"]})
    other = page.client.get("/api/compare", params={**QUICK, "arm": ["egfr=50", "egfr=60"]})

    assert one.status_code == other.status_code == 422
    assert "2 to 4" in told(one)["message"]
    assert "egfr" in told(other)["message"]


def test_body_map_accounts_for_all_that_was_swallowed(page: Served):
    answer = page.client.get("/api/body_map", params=QUICK).raise_for_status().json()
    totals = [sum(place["mean"][day] for place in answer["places"]) for day in range(len(answer["days"]))]

    assert totals == pytest.approx(answer["swallowed"]["mean"], rel=1e-3)
    assert answer["unaccounted_mmol"] < 1e-3
    assert {flow["from"] for flow in answer["flows"]} == {"swallowed", "gut", "plasma"}
    assert {one["hypothesis"] for one in answer["brain"]} == {"NULL", "THREONATE"}


def test_responses_stand_against_placebo_with_their_weakest_link(page: Served):
    answer = page.client.get("/api/responses", params={**QUICK, "endpoints": "mood"}).raise_for_status().json()

    assert answer["endpoints"]
    for endpoint in answer["endpoints"]:
        assert {"NULL", "THREONATE"} == set(endpoint["hypotheses"])
        assert endpoint["path"]
        assert all(one["weakest"] for one in endpoint["hypotheses"].values())
        assert endpoint["figure"]["grade"]["word"]
    off = [link for link in answer["links"] if link["grade"]["letter"] in "DENXU" and link["response"]]
    assert all(not link["on"]["NULL"] for link in off)


def test_a_weak_link_that_is_switched_on_is_a_what_if(page: Served):
    links = page.client.get("/api/responses", params={**QUICK, "endpoints": "mood"}).json()["links"]
    weak = next(link["id"] for link in links if link["response"] == "mood" and link["grade"]["letter"] in "DENXU")
    switched = page.client.get("/api/responses", params={**QUICK, "endpoints": "mood", "links": f"{weak}=on"}).json()

    assert any("What-if" in warning for warning in switched["warnings"])


def test_responses_need_a_name(page: Served):
    nothing = page.client.get("/api/responses", params=QUICK)
    wrong = page.client.get("/api/responses", params={**QUICK, "endpoints": "moood"})

    assert nothing.status_code == wrong.status_code == 422
    assert told(nothing)["problems"][0]["field"] == told(wrong)["problems"][0]["field"] == "endpoints"


def test_catalogue_offers_what_scenarios_take(page: Served):
    offered = page.client.get("/api/catalogue").raise_for_status().json()

    assert [field["name"] for field in offered["fields"]] == list(Scenario.model_fields)
    egfr = next(field for field in offered["fields"] if field["name"] == "egfr")
    assert (egfr["low"], egfr["high"], egfr["unit"]) == (1, 250, "mL/min/1.73 m2")
    assert offered["start"]["links"] == {}
    assert all(one["query"] for one in offered["presets"])


def test_every_preset_can_be_run_without_a_job(page: Served, shelf):
    groups = set()
    for preset in page.client.get("/api/presets").json()["presets"]:
        groups.add(preset["group"])
        asked = read_scenario(dict(pair.split("=", 1) for pair in preset["query"].split("&")))
        days = asked.days + asked.run_in_days + asked.washout_days
        assert asked.subjects * days * 2 <= 40_000, preset["id"]
        assert set(preset["sources"]) <= set(shelf.sources)
    assert groups == {"people", "trials", "labels"}


def test_observed_data_come_from_findings_on_the_shelf(page: Served, shelf):
    sets = page.client.get("/api/measured").json()["sets"]
    findings = {finding.id: finding for source in shelf.sources.values() for finding in source.findings}

    assert sets
    for one in sets:
        assert one["points"][0]["value"] == float(findings[one["finding"]].value)
        assert one["endpoint"] in shelf.endpoints


def test_claims_and_their_evidence(page: Served, shelf):
    ledger = page.client.get("/api/claims").raise_for_status().json()
    one = page.client.get("/api/claims/C18").raise_for_status().json()
    changed = page.client.get("/api/claims", params={"without": "slutsky_2010"}).json()

    assert len(ledger["claims"]) == len(shelf.claims)
    assert one["verdict"] == "animals only"
    assert one["sources"]
    assert {row["number"] for row in changed["claims"] if row["before"]} >= {"C18"}
    assert page.client.get("/api/claims/C9999").status_code == 404


def test_a_text_is_audited_sentence_by_sentence(page: Served):
    text = "Magnesium threonate raises brain magnesium. The sky is blue."
    found = page.client.post("/api/audit", json={"text": text}).raise_for_status().json()
    long = page.client.post("/api/audit", json={"text": "word " * 20_000})

    assert found["sentences"][0]["verdict"] == "animals only"
    assert len(found["sentences"]) == 2
    assert long.status_code == 413
    assert told(long)["kind"] == "too_large"


@pytest.mark.parametrize(
    "kind",
    [
        "parameters",
        "sources",
        "links",
        "compounds",
        "conditions",
        "limits",
        "endpoints",
        "populations",
        "responses",
        "hypotheses",
    ],
)
def test_library_can_be_sorted_and_filtered(page: Served, kind: str):
    table = page.client.get(f"/api/library/{kind}").raise_for_status().json()
    columns = [column["id"] for column in table["columns"]]
    word = table["rows"][0]["id"]
    some = page.client.get(f"/api/library/{kind}", params={"filter": word}).json()["rows"]
    ids = [row["id"] for row in page.client.get(f"/api/library/{kind}", params={"sort": "id"}).json()["rows"]]

    assert all(list(row) == columns for row in table["rows"])
    assert word in [row["id"] for row in some]
    assert ids == sorted(ids, key=str.casefold)
    assert page.client.get(f"/api/library/{kind}", params={"sort": "nothing"}).status_code == 422


def test_a_report_is_one_file(page: Served):
    response = page.client.get("/api/report", params={**QUICK, "subjects": "3"}).raise_for_status()

    assert "not medical advice" in response.text
    assert "<script" not in response.text
    assert "sandbox" in response.headers["content-security-policy"]


def test_a_report_with_more_figures_than_a_moment_has_is_a_job(page: Served):
    response = page.client.get("/api/report", params={**QUICK, "endpoints": "all"})

    assert response.status_code == 422
    assert [problem["field"] for problem in told(response)["problems"]] == ["endpoints"]
    assert "job" in told(response)["message"]
    assert page.client.get("/api/report", params={**QUICK, "endpoints": "stress"}).status_code == 200


def test_reference_names_every_route(page: Served):
    description = page.client.get("/api/openapi.json").json()
    text = page.client.get("/api/reference").text

    assert all(path in text.replace("&#x27;", "'") for path in description["paths"])
    assert "<script" not in text
    assert page.client.get("/docs").status_code == page.client.get("/redoc").status_code == 404


def test_what_moves_an_answer_is_an_input_that_goes_with_it(page: Served):
    query = {**QUICK, "days": "4", "subjects": "120", "compound": "citrate", "elemental_mg": "300"}
    answer = page.client.get("/api/movers", params=query).raise_for_status().json()
    outcomes = {(one["id"], one["hypothesis"]): one for one in answer["outcomes"]}
    urine = outcomes["Mg_urine_24h", ""]

    assert answer["people"] == 120
    assert {("Mg_csf_relative", "NULL"), ("Mg_csf_relative", "THREONATE")} <= outcomes.keys()
    assert 1 <= len(urine["movers"]) <= 8
    assert {"gut.Vm", "gut.k_a", "gut.k_fed", "dietary_mg"} & {one["id"] for one in urine["movers"]}
    for one in urine["movers"]:
        assert one["least"] < one["most"]
        assert (one["high"] > one["low"]) == (one["correlation"] > 0)
    few = page.client.get("/api/movers", params={**QUICK, "subjects": "3"}).raise_for_status().json()
    assert all(one["movers"] == [] for one in few["outcomes"])
