"""Anything may be asked: no answer is a defect of the server, every refusal has a reason, nothing takes long."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from surfaces.web_server import Served, served
from threonate.web.app import create_app

LONGEST_S = 20.0
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def page() -> Iterator[Served]:
    with served() as running:
        yield running


schema = schemathesis.openapi.from_dict(create_app().openapi()).exclude(path="/api/jobs", method="POST")


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
