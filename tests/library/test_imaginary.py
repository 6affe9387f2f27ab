"""One folder more on the shelf, and the command line, Python, the report and the checks all have it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from tests.library.damage import Damage, append, line_text, named, overwrite, problems_of, swap
from tests.library.imaginary import shelf_with_glow
from tests.responses import compose_response
from threonate.cli import run_words
from threonate.errors import CatalogueError, ScenarioError
from threonate.evidence import Catalogue, for_endpoints, needed_responses, read_catalogue
from threonate.physiology import assemble_body, check_conservation, check_units, read_sbml
from threonate.report import summarise, write_results
from threonate.simulation import Scenario, SimulationResult, simulate

HOME = "responses/glow"
SHORT = {"days": 14, "run_in_days": 2, "subjects": 4, "compound_mg": 2000.0}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shelf_with_glow(tmp_path_factory.mktemp("shelf"), events=False)


@pytest.fixture(scope="module")
def catalogue(shelf: Path) -> Catalogue:
    return read_catalogue(shelf)


@pytest.fixture(scope="module")
def result(catalogue: Catalogue) -> SimulationResult:
    return simulate(Scenario(**SHORT, endpoints=("glow",)), catalogue)


def last_day(result: SimulationResult, hypothesis: str) -> pl.DataFrame:
    frame = result.arm("l_threonate", hypothesis).responses
    return frame.filter(pl.col("day") == frame["day"].max()).sort("subject")


def test_it_brings_what_it_reads_and_nothing_else(catalogue: Catalogue) -> None:
    assert needed_responses(catalogue, ["glow"]) == ("clock", "exposure", "glow")
    assert "glow_score" not in catalogue.endpoints
    assert "glow_score" in for_endpoints(catalogue, ["glow_score"]).endpoints
    assert for_endpoints(catalogue, ["all"]).chosen == ("clock", "exposure", "glow")


def test_command_line_lists_shows_and_runs_it(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("threonate.evidence.catalogue.library_folder", lambda: shelf)
    folder = tmp_path / "results"

    assert run_words(["library", "list", "responses", "--quiet"]) == 0
    assert capsys.readouterr().out.split() == ["clock", "exposure", "glow"]
    assert run_words(["library", "show", "glow"]) == 0
    assert "A score that nobody has." in capsys.readouterr().out
    words = ["simulate", "--days", "7", "--subjects", "2", "--endpoints", "glow", "--link", "brain_to_glow=off"]
    assert run_words([*words, "--prior", "glow.size=-4:0", "--out", str(folder), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["responses"]["glow_score"]["hypotheses"]["null"]["weakest"] == "urine_to_glow"
    assert summary["provenance"]["links_switched"] == "brain_to_glow off"
    assert summary["provenance"]["priors_set"] == "glow.size -4 (SD 0)"
    assert "--link brain_to_glow=off --prior glow.size=-4:0" in summary["provenance"]["command"]
    assert (folder / "figures" / "response-glow-score.svg").exists()


def test_report_names_grade_weakest_link_and_what_it_is(
    result: SimulationResult, catalogue: Catalogue, tmp_path: Path
) -> None:
    entry = summarise(result, catalogue)["responses"]["glow_score"]
    write_results(result, catalogue, tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")

    assert entry["hypotheses"]["null"]["grade"] == "C"
    assert entry["hypotheses"]["threonate"]["grade"] == "D"
    assert entry["hypotheses"]["threonate"]["weakest"] == "brain_to_glow"
    assert entry["hypotheses"]["threonate"]["marks"] == ["illustration, not prediction", "what-if"]
    assert entry["hypotheses"]["null"]["effect"]["median"] < 0 < entry["hypotheses"]["null"]["standardised"]["median"]
    assert "Illustration, not prediction. Glow score" in page
    assert "Brain magnesium lowers the glow" in page
    assert entry["smallest_important"].startswith("Smallest important difference: 2 points; threonate_project")
    assert entry["smallest_important"] in page
    assert "Upright stroke: the smallest important difference" in page
    assert "<td>2 points</td>" in page
    assert {"response-glow-score.svg", "response-overview.svg"} <= {
        path.name for path in (tmp_path / "out" / "figures").iterdir()
    }


def test_run_says_which_what_ifs_were_on(result: SimulationResult, catalogue: Catalogue) -> None:
    plain = simulate(Scenario(**SHORT), catalogue)

    assert result.provenance["what_ifs"] == "THREONATE: threonate_to_csf, brain_to_glow"
    assert result.arm("l_threonate", "null").what_ifs == ()
    assert not {"what_ifs", "responses"} & plain.provenance.keys()
    assert plain.arm("l_threonate", "null").responses.is_empty()


def test_body_stays_as_it_is(result: SimulationResult, catalogue: Catalogue) -> None:
    plain = simulate(Scenario(**SHORT), catalogue)
    for hypothesis in ("null", "threonate"):
        pair = [run.arm("l_threonate", hypothesis).daily for run in (result, plain)]
        both = pair[0].join(pair[1], on=["subject", "day", "endpoint"], suffix="_plain")
        worst = both.select(((pl.col("value") - pl.col("value_plain")).abs() / pl.col("value_plain").abs()).max())
        assert len(both) == len(pair[1])
        assert worst.item() < 1e-5


def test_with_every_switch_off_it_is_placebo_to_the_bit(catalogue: Catalogue) -> None:
    off = {"urine_to_glow": False, "brain_to_glow": False}
    done = simulate(Scenario(**SHORT, endpoints=("glow",), links=off), catalogue)
    last = last_day(done, "threonate")

    assert (last["value"] - last["placebo"]).abs().max() < 1e-9
    assert last["value"].min() > 5.0


def test_a_link_can_be_switched_on_and_its_size_set(result: SimulationResult, catalogue: Catalogue) -> None:
    on = simulate(Scenario(**SHORT, endpoints=("glow",), links={"brain_to_glow": True}), catalogue)
    more = simulate(
        Scenario(**SHORT, endpoints=("glow",), priors={"glow.size": {"value": -20.0, "sd": 0.0}}), catalogue
    )

    assert on.arm("l_threonate", "null").what_ifs == ("brain_to_glow",)
    assert (last_day(on, "null")["value"] < last_day(result, "null")["value"]).all()
    assert (last_day(more, "null")["value"] < last_day(result, "null")["value"] - 3.0).all()


def test_noise_stands_beside_the_true_value_and_does_not_depend_on_company(
    result: SimulationResult, catalogue: Catalogue
) -> None:
    few = simulate(Scenario(**{**SHORT, "subjects": 2}, endpoints=("glow",)), catalogue)
    ours, theirs = (run.arm("l_threonate", "null").responses.filter(pl.col("subject") < 2) for run in (result, few))

    assert ours["noise"].equals(theirs["noise"])
    assert ours["value"].equals(theirs["value"])
    assert 1.0 < ours["noise"].std() < 2.0
    assert ours["noise"].equals(result.arm("l_threonate", "threonate").responses.filter(pl.col("subject") < 2)["noise"])


def test_typical_subject_is_measured_without_error(catalogue: Catalogue) -> None:
    one = simulate(Scenario(**{**SHORT, "subjects": 1}, endpoints=("glow_score",)), catalogue)

    assert set(one.arm("l_threonate", "null").responses["noise"]) == {0.0}


WRONG = {
    "unknown response": ({"endpoints": ("glwo",)}, "There is no response or endpoint 'glwo'. Nearest: 'glow'."),
    "link of another body": (
        {"links": {"urine_to_glow": True}},
        "link 'urine_to_glow' belongs to the response 'glow', which is not asked for. Add --endpoints glow.",
    ),
    "no switch": ({"links": {"dose_to_plasma": True}}, "link 'dose_to_plasma' is on the shelf and is not simulated"),
    "no link": (
        {"endpoints": ("glow",), "links": {"urine_to_glwo": True}},
        "'urine_to_glwo' is unknown. Nearest: 'urine",
    ),
    "no symbol": ({"endpoints": ("glow",), "priors": {"glow.siez": {"value": 1.0}}}, "Nearest: 'glow.size'."),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_words_are_answered_with_the_nearest(case: str, catalogue: Catalogue) -> None:
    fields, says = WRONG[case]

    with pytest.raises(ScenarioError, match="in the scenario") as caught:
        simulate(Scenario(**SHORT, **fields), catalogue)
    assert says in str(caught.value)


def test_an_endpoint_of_rats_does_not_enter_a_run_of_people(tmp_path: Path) -> None:
    shelf = shelf_with_glow(tmp_path, events=False)
    swap(f"{HOME}/response.toml", '["human"]', '["human", "rat"]')(shelf)
    score = (shelf / HOME / "endpoints" / "glow_score.toml").read_text(encoding="utf-8")
    write(f"{HOME}/endpoints/glow_tail.toml", score + 'species = ["rat"]\n')(shelf)
    catalogue = read_catalogue(shelf)

    assert "glow_tail" not in for_endpoints(catalogue, ["all"]).endpoints
    assert {"glow_score", "glow_tail"} <= set(for_endpoints(catalogue, ["glow"], "rat").endpoints)
    with pytest.raises(CatalogueError, match="'glow_tail' is about the rat, and the run is about the human"):
        for_endpoints(catalogue, ["glow_tail"])


def test_a_name_that_is_not_there_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(CatalogueError, match="Nearest: 'glow'"):
        needed_responses(catalogue, ["glw"])


def test_state_events_survive_composing(tmp_path: Path) -> None:
    shelf = shelf_with_glow(tmp_path)
    network = read_sbml(assemble_body(read_catalogue(shelf), responses=["glow"]))
    alone = compose_response("glow", folder=shelf)
    course = alone.run(pl.Series([0.0, 60.0, 180.0, 250.0]).to_numpy(), "glow.oil", "glow.lit")

    assert network.events == {"glow_empty": ("glow_lit",), "glow_full": ("glow_lit",)}
    assert check_conservation(network) == []
    assert check_units(network) == []
    assert course["glow.lit"].tolist() == [1.0, 0.0, 1.0, 1.0]
    assert course["glow.oil"] == pytest.approx([0.5, 0.25, 0.75, 0.5 - 0.04166667], abs=1e-4)


def test_an_event_may_not_make_magnesium(tmp_path: Path) -> None:
    shelf = shelf_with_glow(tmp_path)
    file = shelf / HOME / "glow.ant"
    text = file.read_text(encoding="utf-8").replace("lit = 0;", "lit = 0, Mg_plasma = 1;")
    file.write_text(text.replace("sex_female)", "sex_female, Mg_plasma)\n  species Mg_plasma;"), encoding="utf-8")
    catalogue = for_endpoints(read_catalogue(shelf), ["glow"])

    [problem] = check_conservation(read_sbml(assemble_body(catalogue)), catalogue)
    assert problem.reason == "event 'glow_empty' sets species 'Mg_plasma'."
    assert problem.file == f"{HOME}/glow.ant"


def write(file: str, text: str) -> Callable[[Path], None]:
    """A new file with this text."""

    def harm(root: Path) -> None:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, encoding="utf-8")

    return harm


def twice(file: str, copy: str, old: str, new: str) -> Callable[[Path], None]:
    """A file once more under another name, with one piece replaced."""

    def harm(root: Path) -> None:
        text = (root / file).read_text(encoding="utf-8")
        (root / copy).write_text(text.replace(old, new), encoding="utf-8")

    return harm


ENDPOINT, LINK = f"{HOME}/endpoints/glow_score.toml", f"{HOME}/links/urine_to_glow.toml"
ROWS, TEXT, FRONT = f"{HOME}/parameters.csv", f"{HOME}/glow.ant", f"{HOME}/response.toml"
DAMAGES = {
    "unknown port": Damage(
        swap(TEXT, "occupancy, status_gate", "ocupancy, status_gate"), TEXT, "model Glow",
        ("port 'ocupancy' is not declared",), "Nearest: 'occupancy'",
    ),
    "missing row": Damage(
        swap(ROWS, "size,-2", "sise,-2"), TEXT, "const size", ("symbol 'size' has no row in", ROWS), "Nearest: 'sise'",
    ),
    "row twice": Damage(append(ROWS, "k,0.1,per_day,,,0,0,fixed,0,assumed,threonate_project,,human,Again."), ROWS,
        "Again.", ("row 'k' (human) already stands",), "Keep one"),
    "unit differs": Damage(swap(ROWS, "k,0.1,per_day", "k,0.1,per_h"), ROWS, "k,0.1", ("unit of 'k'",), "unit of the"),
    "switch without a symbol": Damage(
        swap(LINK, "glow.urine_on", "glow.urine_off"), LINK, "switch", ("symbol 'glow.urine_off' has no row",),
        "Nearest: 'glow.urine_on'",
    ),
    "switch stands otherwise": Damage(
        swap(LINK, "default_on = true", "default_on = false"), ROWS, "urine_on", ("stands at 1",), "Write 0",
    ),
    "prior without a symbol": Damage(
        swap(LINK, "glow.size", "glow.seize"), LINK, "priors", ("symbol 'glow.seize' has no row",), "glow.size",
    ),
    "weak link on": Damage(
        swap(LINK, 'grade = "C"', 'grade = "E"'), LINK, "default_on", ("grade E is on by default",), "false",
    ),
    "endpoint of nothing": Damage(
        swap(ENDPOINT, '"glow.score"', '"glow.scor"'), ENDPOINT, "symbol", ("'glow.scor' is not in the body",), "port",
    ),
    "placebo of nothing": Damage(
        swap(ENDPOINT, '"glow.placebo"', '"glow.placbo"'), ENDPOINT, "placebo", ("placebo 'glow.placbo'",), "leave it",
    ),
    "path over nothing": Damage(
        swap(ENDPOINT, '"brain_to_glow"]', '"brain_to_glwo"]'), ENDPOINT, "path", ("'brain_to_glwo'",), "brain_to_glow",
    ),
    "noise without a source": Damage(
        swap(ENDPOINT, 'noise_source = "threonate_project"\n', ""), ENDPOINT, "noise_sd", ("no source",),
        "noise_source",
    ),
    "noise of an unknown source": Damage(
        swap(ENDPOINT, 'noise_source = "threonate_project"', 'noise_source = "threonate_projekt"'), ENDPOINT,
        "noise_source", ("source 'threonate_projekt' is not",), "Nearest: 'threonate_project'",
    ),
    "negative spread": Damage(
        swap(ENDPOINT, "standard_sd = 5.0", "standard_sd = -5.0"), ENDPOINT, "standard_sd", ("negative",), "0 or more",
    ),
    "benefit of a third kind": Damage(
        swap(ENDPOINT, 'benefit = "lower"', 'benefit = "less"'), ENDPOINT, "benefit", ("benefit",), "Correct",
    ),
    "key of nothing": Damage(
        swap(ENDPOINT, "illustration", "ilustration"), ENDPOINT, "ilustration", ("key 'ilustration'",), "illustration",
    ),
    "needs nothing known": Damage(
        swap(FRONT, "needs = []", 'needs = ["glim"]'), FRONT, "title", ("needs 'glim'",), "Correct the name",
    ),
    "no title": Damage(swap(FRONT, 'title = "Imaginary glow"\n', ""), FRONT, "plain", ("'title' is missing",), "Add"),
    "two writers": Damage(
        swap(TEXT, "  var score;", "  status_gate := 1;\n  var score;"), TEXT, "//", ("port 'status_gate' is already",),
        "one writer",
    ),
    "name of another endpoint": Damage(
        twice(ENDPOINT, f"{HOME}/endpoints/Mg_plasma.toml", "Glow", "Glow"), f"{HOME}/endpoints/Mg_plasma.toml",
        "title", ("the name 'Mg_plasma' is already taken",), "Rename",
    ),
    "table of bytes": Damage(overwrite(ROWS, b"\xff\xfe"), ROWS, "", ("not UTF-8",), "UTF-8"),
    "front without a text": Damage(
        write("responses/glim/response.toml", 'title = "Glim"\nplain = "-"\nspecies = []\nneeds = []\n'),
        "responses/glim/glim.ant", "", ("the file is missing",), "Add it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGES)
def test_damage_is_named_with_file_line_reason_and_remedy(case: str, tmp_path: Path) -> None:
    root, damage = shelf_with_glow(tmp_path), DAMAGES[case]
    damage.harm(root)

    found = named(problems_of(root), damage)

    assert found, problems_of(root)
    assert damage.at in line_text(root, found[0])
    assert damage.advises in found[0].remedy


def test_a_sound_folder_has_no_problem(tmp_path: Path) -> None:
    assert problems_of(shelf_with_glow(tmp_path)) == ()
