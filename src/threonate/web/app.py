"""The routes, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from threonate.simulation.scenario import Scenario
from threonate.version import VERSION
from threonate.web import explore
from threonate.web.asking import Refused, scenario_from
from threonate.web.desk import Desk
from threonate.web.models import Answer, Failure, FailureAnswer, Problem, SimulateAnswer
from threonate.web.security import LOCAL_HOSTS, failure_response, guard

STATIC = Path(str(resources.files("threonate.web"))) / "static"
ERRORS: dict[int | str, dict[str, Any]] = {
    422: {"model": FailureAnswer, "description": "The question cannot be answered as asked"},
    503: {"model": FailureAnswer, "description": "Too many questions at once"},
}
api = APIRouter(prefix="/api", responses=ERRORS)


def create_app(desk: Desk | None = None, hosts: Sequence[str] = LOCAL_HOSTS) -> FastAPI:
    """The application; `hosts` are the names that it answers to."""
    app = FastAPI(
        title="threonate",
        version=VERSION,
        description="Oral magnesium in the body. Research and education, not medical advice.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.desk = desk or Desk()
    app.middleware("http")(guard)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.include_router(api)
    if STATIC.is_dir():
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
        app.get("/", include_in_schema=False)(_index)
    return app


def desk_of(request: Request) -> Desk:
    """The desk of this process."""
    found: Desk = request.app.state.desk
    return found


def asked(request: Request) -> Scenario:
    """The scenario in the query of a request."""
    return scenario_from(request.query_params.multi_items())


def sent(answer: Answer) -> Response:
    """A record as JSON; what is not a number is null."""
    return Response(answer.model_dump_json(), media_type="application/json")


@api.get("/simulate", response_model=SimulateAnswer)
def simulate(request: Request) -> Response:
    """Plasma, urine and brain of a scenario, with safety findings first."""
    return sent(explore.simulate_answer(desk_of(request), asked(request)))


def _index() -> FileResponse:
    return FileResponse(STATIC / "index.html", media_type="text/html")


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return failure_response(error.status, error.failure)


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = [
        Problem(
            field=str(one["loc"][-1]),
            value=str(one.get("input", ""))[:200],
            allowed="",
            reason=f"{one['loc'][-1]}: {one['msg']}.",
            remedy="See api/reference for what is allowed.",
        )
        for one in error.errors()
    ]
    message = " ".join(problem.reason for problem in problems)
    return failure_response(422, Failure(kind="bad_input", message=message, problems=problems))


def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    message = {404: "There is nothing at this address. See api/reference."}.get(error.status_code, str(error.detail))
    kind = "not_found" if error.status_code == 404 else "bad_input"
    response = failure_response(
        error.status_code, Failure.model_validate({"kind": kind, "message": message, "problems": []})
    )
    response.headers.update(error.headers or {})
    return response
