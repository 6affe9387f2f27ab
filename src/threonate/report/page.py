"""report.html: the whole answer on one page that needs nothing but itself."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from threonate.evidence.records import READ
from threonate.report.cohort import View, subjects_failed
from threonate.report.figure import Figure
from threonate.report.grading import grade_word
from threonate.report.numbers import interval, plain, readable_change
from threonate.report.wording import answer_of, dose_note, dose_rows, question_of, title_of
from threonate.simulation.scenario import reproduce_command

"""Computed as a fixed share of another quantity: a change carries no news of its own and is not printed."""
PERCENT = 100.0


def build_page(view: View, summary: Mapping[str, Any], figures: Sequence[Figure]) -> str:
    """The report as one HTML text with style sheet and figures inside; no script, no request."""
    room = resources.files("threonate.report")
    failures = tomllib.loads((room / "known_failures.toml").read_text(encoding="utf-8"))["failures"]
    observables = summary["observables"]
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=title_of(view),
            question=question_of(view),
            css=Markup((room / "report.css").read_text(encoding="utf-8")),
            safety=summary["safety"],
            answer=answer_of(view, observables),
            dose=dose_rows(view),
            dose_note=dose_note(view),
            figures=figures,
            rows=observable_rows(view, observables),
            responses=response_rows(view, summary.get("responses", {})),
            grades=_grades_used(view, {**observables, **summary.get("responses", {})}),
            open_links=_open_links(view),
            failures=failures,
            subjects=summary["subjects"],
            lost=_lost(view),
            accuracy=view.result.provenance.get("accuracy", ""),
            accuracy_warning=view.result.provenance.get("accuracy_warning", ""),
            sources=_sources(view),
            provenance=_provenance(view),
            command=view.result.provenance.get("command") or reproduce_command(view.result.scenario),
        )
    )


def _environment() -> Environment:
    loader = PackageLoader("threonate.report", "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["inline_svg"] = lambda figure: Markup(figure.inline)
    return made


def observable_rows(view: View, observables: Mapping[str, Any]) -> list[dict[str, str]]:
    """All observables as text, brain endpoints once per hypothesis."""
    rows = []
    for name, entry in observables.items():
        if "hypotheses" in entry:
            rows += [_row(view, name, entry["unit"], numbers, key) for key, numbers in entry["hypotheses"].items()]
        else:
            rows.append(_row(view, name, entry["unit"], entry, ""))
    return rows


def response_rows(view: View, responses: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Endpoints of the responses as text, once per hypothesis, with the steps on the way to each."""
    return [
        {
            "title": entry["title"],
            "unit": "" if entry["unit"] == "1" else entry["unit"],
            "hypotheses": [_response_row(view, name, numbers) for name, numbers in entry["hypotheses"].items()],
            "path": [
                {
                    "title": step["title"],
                    "word": grade_word(view.catalogue, step["grade"]).word,
                    "on": f"on under {', '.join(name.upper() for name in step['on'])}" if step["on"] else "off",
                }
                for step in entry["path"]
            ],
        }
        for entry in responses.values()
    ]


def _response_row(view: View, hypothesis: str, numbers: Mapping[str, Any]) -> dict[str, str]:
    return {
        "name": hypothesis.upper(),
        "baseline": interval(numbers["baseline"]),
        "last": interval(numbers["last_day_mean"]),
        "placebo": interval(numbers["placebo"]),
        "effect": interval(numbers["effect"], change=True),
        "grade": grade_word(view.catalogue, numbers["grade"]).word,
        "weakest": numbers["weakest_title"],
        "marks": ", ".join(numbers["marks"]),
    }


def _row(view: View, name: str, unit: str, numbers: Mapping[str, Any], hypothesis: str) -> dict[str, str]:
    record = view.catalogue.endpoints.get(name)
    title = record.title if record else name
    share = unit == "1"
    scale = PERCENT if share else 1.0
    smallest = record.smallest_change if record else 0.0
    change = readable_change(numbers["change"], smallest, scale)
    digits = 4 if hypothesis else 3
    return {
        "name": f"{title}, {hypothesis.upper()}" if hypothesis else title,
        "id": name,
        "note": record.note if record and not hypothesis else "",
        "unit": "%" if share else unit.replace("umol", "\u00b5mol"),
        "baseline": interval(numbers["baseline"], scale=scale, digits=digits),
        "last": interval(numbers["last_day_mean"], scale=scale, digits=digits),
        "change": change,
        "max": interval(numbers["max"], scale=scale, digits=digits),
        "when": plain(numbers["time_of_max_h"]["median"]),
        "grade": grade_word(view.catalogue, numbers["grade"]).word,
    }


def _grades_used(view: View, observables: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Word and meaning of every grade on the page, best first."""
    used = {entry["grade"] for entry in observables.values() if "grade" in entry}
    used |= {item["grade"] for entry in observables.values() for item in entry.get("hypotheses", {}).values()}
    used |= {link.grade for link in view.catalogue.links.values()}
    words = [record for name, record in sorted(view.catalogue.grades.items()) if name in used]
    return [(record.word, record.sentence) for record in words]


def _open_links(view: View) -> list[dict[str, str]]:
    """Steps of the causal chain that are off by default or rest on little, with what is known about them."""
    return [
        {"title": link.title, "word": grade_word(view.catalogue, link.grade).word, "note": link.note}
        for link in view.catalogue.links.values()
        if not link.default_on or link.grade not in "AB"
    ]


def _lost(view: View) -> list[str]:
    """One line for each failed subject of each arm."""
    return [
        f"{arm.title} ({arm.hypothesis.upper()}), subject {subject}: {sentence}"
        for arm in view.result.arms
        for subject, sentence in subjects_failed(arm)
    ]


def _sources(view: View) -> list[dict[str, str]]:
    """The sources that this run used, and how far each was read."""
    rows = []
    for name in sorted(set(view.result.sources)):
        source = view.catalogue.sources.get(name)
        if source is None:
            rows.append({"id": name, "citation": "not on the shelf", "read": "", "how": "", "doi": ""})
            continue
        read = READ.get(source.verified, source.verified)
        rows.append({"id": name, "citation": source.citation, "read": read, "how": source.how, "doi": source.doi})
    return rows


def _provenance(view: View) -> list[tuple[str, str]]:
    return [
        (name.replace("_", " "), value) for name, value in sorted(view.result.provenance.items()) if name != "command"
    ]
