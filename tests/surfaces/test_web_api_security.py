"""Who may ask, what a browser may do, and what nothing may cost."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator

import pytest

from surfaces.web_server import QUICK, Served, served, told


@pytest.fixture(scope="module")
def page() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000"])
def test_other_names_of_this_machine_are_refused(page: Served, host: str):
    response = page.client.get("/api/about", headers={"host": host})

    assert response.status_code == 400
    assert "127.0.0.1" in told(response)["message"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_other_sites_cannot_post(page: Served, headers: dict[str, str]):
    for method, path in (("POST", "/api/audit"), ("POST", "/api/jobs"), ("DELETE", "/api/jobs/1")):
        response = page.client.request(method, path, headers=headers, json={"text": "x"} if method == "POST" else None)
        assert response.status_code == 403
        assert told(response)["kind"] == "forbidden"


def test_our_own_page_can_post(page: Served):
    response = page.client.post(
        "/api/audit", json={"text": "Magnesium is a mineral."}, headers={"origin": page.address}
    )

    assert response.status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_changes_anything(page: Served, kind: str):
    response = page.client.post("/api/jobs", content=b"{}", headers={"content-type": kind})

    assert response.status_code == 415
    assert told(response)["kind"] == "not_json"


def test_bodies_have_a_limit(page: Served):
    response = page.client.post("/api/audit", json={"text": "x" * 700_000})

    assert response.status_code == 413
    assert "600000" in told(response)["message"]


@pytest.mark.parametrize("path", ["/", "/api/about", "/api/nothing", "/api/simulate?egfr=0", "/static/app.js"])
def test_every_answer_is_guarded(page: Served, path: str):
    headers = page.client.get(path).headers
    policy = headers["content-security-policy"]

    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers


def test_nothing_outside_the_static_folder_is_served(page: Served):
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"):
        assert page.client.get(path).status_code == 404


def test_a_repeated_question_is_answered_from_memory(page: Served):
    page.client.get("/api/simulate", params=QUICK).raise_for_status()
    again = page.client.get("/api/simulate", params=QUICK).json()

    assert again["cached"]


def test_the_largest_plain_request_is_over_in_seconds(page: Served):
    asked = {**QUICK, "subjects": "200", "days": "98", "run_in_days": "1"}
    begun = time.process_time()
    page.client.get("/api/simulate", params=asked).raise_for_status()

    assert time.process_time() - begun < 8.0


def test_memory_stays_flat(page: Served):
    """New questions replace old answers: two hundred more of them leave the process as large as it was."""

    def ask(count: int, first: int) -> None:
        for k in range(first, first + count):
            page.client.get("/api/simulate", params={**QUICK, "elemental_mg": str(100 + k)}).raise_for_status()

    ask(100, 0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ask(200, 100)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000  # kB
