"""Long questions: progress, time left, cancelling, and the same numbers as the plain request."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from surfaces.web_server import QUICK, Served, served, told

LONG = {**QUICK, "days": "120", "subjects": "2000"}


@pytest.fixture(scope="module")
def page() -> Iterator[Served]:
    with served() as running:
        running.app.state.jobs.warm()
        yield running


def start(page: Served, kind: str, scenario: dict[str, str], **more: Any) -> str:
    response = page.client.post("/api/jobs", json={"kind": kind, "scenario": scenario, **more})
    assert response.status_code == 202, response.text
    return str(response.json()["id"])


def wait(page: Served, name: str, states: set[str], seconds: float = 120.0) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job: dict[str, Any] = page.client.get(f"/api/jobs/{name}").json()
        if job["state"] in states:
            return job
        time.sleep(0.05)
    raise AssertionError(f"job {name} is still {job['state']}")


def test_a_job_tells_progress_and_answers_as_the_plain_request(page: Served):
    name = start(page, "simulate", QUICK)
    seen = []
    with page.client.stream("GET", f"/api/jobs/{name}/events") as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        seen = [json.loads(line.removeprefix("data: ")) for line in events.iter_lines() if line.startswith("data")]
    answer = page.client.get(f"/api/jobs/{name}/result").json()
    plain = page.client.get("/api/simulate", params=QUICK).json()

    assert seen[-1]["state"] == "done"
    assert [one["done"] for one in seen] == sorted(one["done"] for one in seen)
    assert answer["figures"].keys() == plain["figures"].keys()
    assert answer["provenance"]["scenario_hash"] == plain["provenance"]["scenario_hash"]
    assert answer["provenance"]["result_hash"] == plain["provenance"]["result_hash"]


def test_a_job_is_cancelled_within_a_second(page: Served):
    name = start(page, "simulate", LONG)
    wait(page, name, {"running"})
    begun = time.monotonic()
    cancelled = page.client.delete(f"/api/jobs/{name}").json()
    process = page.app.state.jobs.find(name).process
    process.join(1.0)

    assert time.monotonic() - begun < 1.0
    assert cancelled["state"] == "cancelled"
    assert not process.is_alive()
    assert page.client.get(f"/api/jobs/{name}/result").status_code == 404


def test_jobs_survive_a_reload_and_wait_for_their_turn(page: Served):
    first, second = start(page, "simulate", LONG), start(page, "body_map", QUICK)
    listed = {job["id"]: job["state"] for job in page.client.get("/api/jobs").json()["jobs"]}

    assert {first, second} <= set(listed)
    assert listed[second] == "queued"
    page.client.delete(f"/api/jobs/{first}")
    assert wait(page, second, {"done", "failed"})["state"] == "done"
    assert page.client.get(f"/api/jobs/{second}/result").json()["unaccounted_mmol"] < 1e-3


def test_comparisons_and_reports_are_jobs_as_well(page: Served):
    arms = ["compound=citrate&elemental_mg=200", "compound=oxide&elemental_mg=200"]
    compared = start(page, "compare", QUICK, arms=arms)
    reported = start(page, "report", {**QUICK, "subjects": "3"})

    assert wait(page, compared, {"done", "failed"})["state"] == "done"
    assert len(page.client.get(f"/api/jobs/{compared}/result").json()["arms"]) == 2
    assert wait(page, reported, {"done", "failed"})["state"] == "done"
    assert page.client.get(f"/api/jobs/{reported}/result").headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"kind": "simulate", "scenario": {"subjects": "1000000"}}, "study"),
        ({"kind": "simulate", "scenario": {"egfr": "0"}}, "egfr"),
        ({"kind": "simulate", "scenario": {"compound": "citrat", "elemental_mg": 100}}, "citrate"),
        ({"kind": "responses", "scenario": QUICK}, "endpoints"),
        ({"kind": "compare", "scenario": QUICK}, "arm"),
        ({"kind": "sing", "scenario": {}}, "kind"),
    ],
)
def test_a_job_that_cannot_be_done_is_refused(page: Served, body: dict[str, Any], word: str):
    response = page.client.post("/api/jobs", json=body)

    assert response.status_code == 422
    assert word in told(response)["message"]


def test_unknown_jobs_are_not_found(page: Served):
    for path in ("/api/jobs/nothing", "/api/jobs/nothing/result", "/api/jobs/nothing/events"):
        assert page.client.get(path).status_code == 404
    assert page.client.delete("/api/jobs/nothing").status_code == 404
