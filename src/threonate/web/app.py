"""The routes, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.staticfiles import StaticFiles

from threonate.errors import RegimenError, ScenarioError, ThreonateError
from threonate.simulation.scenario import Scenario
from threonate.version import VERSION
from threonate.web import body_map, comparing, explore, exporting, ledger, moving, pages, responding, shelf, starting
from threonate.web.asking import Refused, arms_of, fields_of, refusal_of, scenario_from
from threonate.web.desk import Desk
from threonate.web.job_models import JobQuestion, JobRecord, JobsAnswer
from threonate.web.jobs import Jobs
from threonate.web.library_models import (
    AboutAnswer,
    AuditAnswer,
    AuditQuestion,
    CatalogueAnswer,
    ClaimAnswer,
    ClaimsAnswer,
    GlossaryAnswer,
    LibraryAnswer,
    MeasuredAnswer,
    PresetsAnswer,
    SourceRecord,
)
from threonate.web.models import (
    BodyMapAnswer,
    CompareAnswer,
    Failure,
    FailureAnswer,
    MoversAnswer,
    Problem,
    ResponsesAnswer,
    SimulateAnswer,
)
from threonate.web.openapi import scenario_parameters
from threonate.web.reference import reference_page
from threonate.web.security import FILE_POLICY, LOCAL_HOSTS, REPORT_POLICY, failure_response, guard
from threonate.web.work import work

STATIC = Path(str(resources.files("threonate.web"))) / "static"
JSON: dict[str, Any] = {"application/json": {"schema": {"$ref": "#/components/schemas/FailureAnswer"}}}
ERRORS: dict[int | str, dict[str, Any]] = {
    422: {"model": FailureAnswer, "description": "The question cannot be answered as asked", "content": JSON},
    503: {"model": FailureAnswer, "description": "Too many questions at once", "content": JSON},
}
MISSING: dict[int | str, dict[str, Any]] = {
    404: {"model": FailureAnswer, "description": "Not on the shelf", "content": JSON}
}
POSTED: dict[int | str, dict[str, Any]] = {
    400: {"model": FailureAnswer, "description": "The body is not JSON"},
    403: {"model": FailureAnswer, "description": "Sent by another site"},
    411: {"model": FailureAnswer, "description": "The length of the body is not known"},
    413: {"model": FailureAnswer, "description": "The body is too large"},
    415: {"model": FailureAnswer, "description": "The body is not JSON"},
}
FILES: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in exporting.MEDIA.values()}}}
SCENARIO = {"parameters": scenario_parameters()}
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
        lifespan=_lifespan,
    )
    app.state.desk = desk or Desk()
    app.state.jobs = Jobs(work)
    app.state.hosts = frozenset(hosts)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    app.middleware("http")(guard)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(ScenarioError, _impossible)
    app.add_exception_handler(RegimenError, _impossible)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.include_router(api)
    if STATIC.is_dir():
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
        app.get("/", include_in_schema=False)(_index)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.jobs.stop()


def desk_of(request: Request) -> Desk:
    """The desk of this process."""
    found: Desk = request.app.state.desk
    return found


def jobs_of(request: Request) -> Jobs:
    """The jobs of this process."""
    found: Jobs = request.app.state.jobs
    return found


def asked(request: Request, *besides: str) -> Scenario:
    """The scenario in the query of a request; `besides` are parameters of another kind."""
    return scenario_from(others(request, *besides))


def others(request: Request, *besides: str) -> list[tuple[str, str]]:
    """The parameters of a request but those."""
    return [(name, text) for name, text in request.query_params.multi_items() if name not in besides]


def sent(answer: BaseModel) -> Response:
    """A record as JSON; what is not a number is null."""
    return Response(answer.model_dump_json(by_alias=True), media_type="application/json")


@api.get("/simulate", response_model=SimulateAnswer, openapi_extra=SCENARIO)
def simulate(request: Request) -> Response:
    """Plasma, urine and brain of a scenario, with safety findings first."""
    return sent(explore.simulate_answer(desk_of(request), asked(request)))


@api.get("/compare", response_model=CompareAnswer, openapi_extra=SCENARIO)
def compare(
    request: Request,
    arm: Annotated[list[str], Query(max_length=4)],
    threshold: Annotated[float | None, Query(description="mmol/L")] = None,
) -> Response:
    """Two to four regimens for the same people; each arm is a query with what differs from the rest."""
    scenarios = arms_of(fields_of(others(request, "arm", "threshold")), arm)
    return sent(comparing.compare_answer(desk_of(request), scenarios, threshold))


@api.get("/body_map", response_model=BodyMapAnswer, openapi_extra=SCENARIO)
def where(request: Request) -> Response:
    """Where the swallowed magnesium was at the end of each day."""
    return sent(body_map.body_map_answer(desk_of(request), asked(request)))


@api.get("/responses", response_model=ResponsesAnswer, openapi_extra=SCENARIO)
def responses(request: Request) -> Response:
    """What the responses that the scenario names do, each against placebo."""
    return sent(responding.responses_answer(desk_of(request), asked(request)))


@api.get("/movers", response_model=MoversAnswer, openapi_extra=SCENARIO)
def movers(request: Request) -> Response:
    """Which inputs move the answer most, among the people of the scenario."""
    return sent(moving.movers_answer(desk_of(request), asked(request)))


@api.get("/catalogue", response_model=CatalogueAnswer)
def catalogue(request: Request) -> Response:
    """What a form offers: fields with units and bounds, compounds, conditions, responses, links, presets."""
    desk = desk_of(request)
    return sent(desk.answers.get("catalogue", lambda: pages.catalogue_answer(desk.catalogue))[0])


@api.get("/presets", response_model=PresetsAnswer)
def presets() -> Response:
    """Scenarios to start from."""
    return sent(pages.presets())


@api.get("/measured", response_model=MeasuredAnswer)
def measured(request: Request, endpoint: Annotated[str, Query(max_length=80)] = "") -> Response:
    """What was measured in people, to draw over a run."""
    return sent(pages.measured(desk_of(request).catalogue, endpoint))


@api.get("/glossary", response_model=GlossaryAnswer)
def glossary() -> Response:
    """The words of the page."""
    return sent(pages.glossary())


@api.get("/about", response_model=AboutAnswer)
def about(request: Request) -> Response:
    """What the model is, what it is not, and where it is known to be wrong."""
    return sent(pages.about(desk_of(request).catalogue))


@api.get("/library/sources/{name}", response_model=SourceRecord, responses=MISSING)
def source(request: Request, name: str) -> Response:
    """One source with its findings; a finding's id is answered with its source."""
    return sent(shelf.source_record(name, desk_of(request).catalogue))


@api.get("/library/{kind}", response_model=LibraryAnswer)
def library(
    request: Request,
    kind: shelf.Kind,
    sort: Annotated[str, Query(max_length=40)] = "",
    descending: bool = False,
    text: Annotated[str, Query(alias="filter", max_length=200)] = "",
) -> Response:
    """One kind of record of the library as rows, sorted and filtered."""
    return sent(shelf.library_table(kind, desk_of(request).catalogue, sort, descending, text))


@api.get("/claims", response_model=ClaimsAnswer)
def claims(
    request: Request,
    verdict: Annotated[str, Query(max_length=40)] = "",
    without: Annotated[str, Query(max_length=2000)] = "",
) -> Response:
    """The ledger of claims with our answers; `without` names sources to disbelieve, with commas."""
    desk, names = desk_of(request), listed(without)
    key = f"claims {verdict} {names}"
    return sent(desk.answers.get(key, lambda: ledger.claims_answer(desk.catalogue, verdict, names))[0])


@api.get("/claims/{name}", response_model=ClaimAnswer, responses=MISSING)
def claim(request: Request, name: str, without: Annotated[str, Query(max_length=2000)] = "") -> Response:
    """One claim by id or number, with everything that speaks for and against it."""
    return sent(ledger.claim_answer(name, desk_of(request).catalogue, listed(without)))


@api.post("/audit", response_model=AuditAnswer, responses=POSTED)
def audit(request: Request, question: AuditQuestion) -> Response:
    """A text, sentence by sentence, against the ledger."""
    desk = desk_of(request)
    return sent(desk.in_turn(lambda: ledger.audit_answer(question, desk.catalogue)))


@api.get("/export.{kind}", response_class=Response, responses=FILES, openapi_extra=SCENARIO)
def export(
    request: Request,
    kind: exporting.FileKind,
    figure: Annotated[str, Query(max_length=80)],
    amounts: Annotated[exporting.Amounts, Query(description="unit of amounts of magnesium")] = "mmol",
) -> Response:
    """One figure as a file, equal to what is seen, with unit and provenance inside."""
    content = exporting.export_file(desk_of(request), asked(request, "figure", "amounts"), figure, kind, amounts)
    name = f"threonate-{''.join(c if c.isalnum() else '-' for c in figure)}.{kind}"
    return Response(
        content,
        media_type=exporting.MEDIA[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": FILE_POLICY},
    )


@api.get("/report", response_class=HTMLResponse, openapi_extra=SCENARIO)
def report(request: Request) -> Response:
    """The whole answer as one HTML file that needs nothing but itself."""
    page = exporting.report_page(desk_of(request), asked(request))
    return HTMLResponse(page, headers={"Content-Security-Policy": REPORT_POLICY})


@api.post("/jobs", response_model=JobRecord, status_code=202, responses=POSTED)
def start_job(request: Request, question: JobQuestion) -> Response:
    """Start a long question; its answer is found by its id."""
    record = starting.start_job(desk_of(request), jobs_of(request), question)
    return Response(record.model_dump_json(), status_code=202, media_type="application/json")


@api.get("/jobs", response_model=JobsAnswer)
def list_jobs(request: Request) -> Response:
    """Every job that is known, the latest first."""
    return sent(jobs_of(request).all())


@api.get("/jobs/{name}", response_model=JobRecord, responses=MISSING)
def job(request: Request, name: str) -> Response:
    """How far a job is."""
    return sent(jobs_of(request).find(name).record())


@api.delete("/jobs/{name}", response_model=JobRecord, responses={**MISSING, **POSTED})
def cancel_job(request: Request, name: str) -> Response:
    """Stop a job."""
    return sent(jobs_of(request).cancel(name))


@api.get("/jobs/{name}/result", response_class=Response, responses=MISSING)
def job_result(request: Request, name: str) -> Response:
    """The answer of a job, as the plain request of its kind would give it."""
    kind, content = starting.result_of(jobs_of(request), name)
    if kind == "report":
        return HTMLResponse(content, headers={"Content-Security-Policy": REPORT_POLICY})
    return Response(content, media_type="application/json")


@api.get("/jobs/{name}/events", response_class=StreamingResponse, responses=MISSING)
async def job_events(request: Request, name: str) -> StreamingResponse:
    """Progress as server-sent events until the job is over."""
    jobs_of(request).find(name)
    events = starting.watch(jobs_of(request), name, request.is_disconnected)
    return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


@api.get("/reference", response_class=HTMLResponse)
def reference(request: Request) -> Response:
    """This interface in words, with calls to copy."""
    return HTMLResponse(reference_page(request.app.openapi()))


def listed(text: str) -> list[str]:
    """Names with commas between them."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _index() -> FileResponse:
    return FileResponse(STATIC / "index.html", media_type="text/html")


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return failure_response(error.status, error.failure)


def _impossible(request: Request, error: Exception) -> JSONResponse:
    """A scenario or a regimen that cannot be, whichever question found it out."""
    assert isinstance(error, ThreonateError)
    return _refused(request, refusal_of(error))


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = [
        Problem(
            field=str(one["loc"][-1]) if len(one["loc"]) > 1 else "",
            value=str(one.get("input", ""))[:200],
            allowed="",
            reason=f"{' '.join(str(part) for part in one['loc'])}: {one['msg']}.",
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
