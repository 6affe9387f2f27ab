"""Who may ask, and what a browser may do with the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import JSONResponse, Response

from threonate.web.models import Failure, FailureAnswer

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]", "::1")
LARGEST_BODY = 600_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox"
)
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
Next = Callable[[Request], Awaitable[Response]]


def failure_response(status: int, failure: Failure) -> JSONResponse:
    """A refusal as it is sent."""
    return JSONResponse(FailureAnswer(error=failure).model_dump(), status_code=status)


async def guard(request: Request, call_next: Next) -> Response:
    """Refuse what changes anything from another origin or not as JSON; put the headers on every answer."""
    refusal = _foreign_host(request) or _refusal(request)
    response = refusal if refusal is not None else await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _foreign_host(request: Request) -> JSONResponse | None:
    name = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    if name in request.app.state.hosts:
        return None
    return _refuse(400, "forbidden", "This page answers only under the name of this machine, such as 127.0.0.1.")


def _refusal(request: Request) -> JSONResponse | None:
    if request.method in SAFE_METHODS:
        return None
    if not same_origin(request):
        return _refuse(403, "forbidden", "This request comes from another site. Open the page itself and ask there.")
    length = request.headers.get("content-length", "")
    if request.method != "DELETE":
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return _refuse(415, "not_json", "The body must be JSON. Send it with content-type application/json.")
        if not length.isdigit():
            return _refuse(411, "bad_input", "The length of the body is not known. Send content-length.")
    if length.isdigit() and int(length) > LARGEST_BODY:
        return _refuse(413, "too_large", f"The body has {length} bytes; allowed: {LARGEST_BODY}. Send less at a time.")
    return None


def _refuse(status: int, kind: str, message: str) -> JSONResponse:
    return failure_response(status, Failure.model_validate({"kind": kind, "message": message, "problems": []}))


def same_origin(request: Request) -> bool:
    """Whether a browser sent this from our own page; programs that name no origin are let through."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
