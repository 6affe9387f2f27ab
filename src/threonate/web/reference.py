"""The interface in words: one page made of its own description, without script."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

_EXAMPLES = {
    "/api/simulate": "compound=citrate&elemental_mg=200&days=7&subjects=50",
    "/api/compare": "days=7&subjects=50&elemental_mg=200&arm=compound%3Dcitrate&arm=compound%3Doxide",
    "/api/body_map": "days=7&subjects=50",
    "/api/responses": "endpoints=sleep&days=7&subjects=20",
    "/api/export.{kind}": "figure=urine&days=7&subjects=50",
    "/api/report": "days=7&subjects=20",
    "/api/measured": "endpoint=Mg_urine_24h",
    "/api/library/{kind}": "sort=id",
}
_NAMES = {"{kind}": "csv", "{name}": "ID"}
_BODIES = {
    "/api/audit": '{"text": "Magnesium threonate raises brain magnesium."}',
    "/api/jobs": '{"kind": "simulate", "scenario": {"days": 84, "subjects": 1000, "tolerance": "fast"}}',
}
_HOST = "http://127.0.0.1:8000"


def reference_page(description: Mapping[str, Any]) -> str:
    """HTML of the description that the interface gives of itself."""
    routes = [
        _route(path, method, route)
        for path, methods in description["paths"].items()
        for method, route in methods.items()
    ]
    fields = _fields(description["paths"]["/api/simulate"]["get"]["parameters"])
    info = description["info"]
    return (
        "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>API of {escape(info['title'])}</title><link rel='stylesheet' href='../static/style.css'></head>"
        f"<body class='reference'><main><h1>The interface of {escape(info['title'])} {escape(info['version'])}</h1>"
        f"<p>{escape(info['description'])}</p><p>The same as a file: <a href='openapi.json'>openapi.json</a>. "
        "<a href='../'>The page</a>.</p>"
        f"<h2 id='scenario'>Fields of a scenario</h2>{fields}{''.join(routes)}</main></body></html>\n"
    )


def _fields(parameters: list[Mapping[str, Any]]) -> str:
    rows = "".join(
        f"<tr><th scope='row'><code>{escape(one['name'])}</code></th><td>{escape(one['description'])}</td></tr>"
        for one in parameters
    )
    head = "<thead><tr><th scope='col'>field</th><th scope='col'>meaning</th></tr></thead>"
    return f"<table>{head}<tbody>{rows}</tbody></table>"


def _route(path: str, method: str, route: Mapping[str, Any]) -> str:
    called = path
    kind = "parameters" if path.startswith("/api/library") else "csv"
    for name, example in {**_NAMES, "{kind}": kind}.items():
        called = called.replace(name, example)
    query = _EXAMPLES.get(path, "")
    address = f"{_HOST}{called}{'?' + query if query else ''}"
    words = [f"curl '{address}'" if method == "get" else f"curl -X {method.upper()} '{address}'"]
    body = _BODIES.get(path) if method == "post" else None
    if body:
        words.append(f"-H 'content-type: application/json' -d '{body}'")
    python = "import json, urllib.request\n"
    if body:
        python += (
            f"question = urllib.request.Request('{address}', data=b'''{body}''',\n"
            "                                  headers={'content-type': 'application/json'})\n"
            "answer = json.load(urllib.request.urlopen(question))"
        )
    elif method == "get":
        python += f"answer = urllib.request.urlopen('{address}').read()"
    else:
        python += f"urllib.request.urlopen(urllib.request.Request('{address}', method='{method.upper()}'))"
    told = escape(str(route.get("description", route.get("summary", ""))))
    return (
        f"<section><h2><code>{method.upper()} {escape(path)}</code></h2><p>{told}</p>"
        f"<pre><code>{escape(' '.join(words))}</code></pre><pre><code>{escape(python)}</code></pre></section>"
    )
