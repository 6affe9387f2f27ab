"""Anything may be asked: no answer is a defect of the server, every refusal has a reason, nothing takes long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from surfaces.web_server import Served, served, told
from threonate.web.app import create_app

LONGEST_S = 20.0
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def page() -> Iterator[Served]:
    with served() as running:
        yield running


schema = schemathesis.openapi.from_dict(create_app().openapi())


@schema.parametrize()
@settings(max_examples=10, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_whatever_is_asked(case: schemathesis.Case, page: Served):
    begun = time.monotonic()
    response = case.call(base_url=page.address, timeout=120)

    assert time.monotonic() - begun < LONGEST_S
    case.validate_response(response, checks=CHECKS)
    if response.status_code >= 400:
        error = response.json()["error"]
        assert error["message"].strip()
        assert all(problem["reason"] for problem in error["problems"])
    elif case.method == "POST" and case.path == "/api/jobs":
        page.client.delete(f"/api/jobs/{response.json()['id']}").raise_for_status()


ODD = st.sampled_from(["", None, True, -1, 0, 7, 1e9, "7", "none", "l_threonate", "sleep", [], ["sleep"], {"a": 1}])
FIELDS = st.sampled_from(["compound", "compound_mg", "days", "subjects", "endpoints", "links", "priors", "weight_kg"])
PLAIN = {"compound": "citrate", "elemental_mg": 100, "days": 2, "run_in_days": 1, "subjects": 3}
JOBS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["simulate", "responses", "compare", "body_map", "report"]),
        "scenario": st.dictionaries(FIELDS, ODD, max_size=3).map(lambda odd: {**PLAIN, **odd}),
    },
    optional={
        "arms": st.lists(st.sampled_from(["", "compound=oxide", "compound=none", "days=x", "&&="]), max_size=4),
        "threshold": st.none() | st.floats(-1, 1e3),
    },
)


@given(question=JOBS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_job_is_taken_or_refused_in_words(page: Served, question: dict[str, Any]):
    response = page.client.post("/api/jobs", json=question)

    assert response.status_code in (202, 422)
    if response.status_code == 422:
        told(response)
    else:
        assert page.client.delete(f"/api/jobs/{response.json()['id']}").json()["state"] in ("cancelled", "done")
