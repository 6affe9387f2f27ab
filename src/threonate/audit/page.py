"""The audit as one page that needs nothing but itself: the text, marked, and what stands behind each mark."""

from __future__ import annotations

from importlib import resources
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from threonate.appraisal import SENTENCES, Verdict
from threonate.audit.audit import NO_CLAIM, NOT_IN_LEDGER, Audit, Finding
from threonate.evidence import Catalogue
from threonate.evidence.records import READ
from threonate.safety.findings import plain_disclaimer

_TONE = {
    "supported": "good",
    "background": "plain",
    "advice": "plain",
    "mixed": "weak",
    "animals only": "weak",
    "in vitro only": "weak",
    "plausible but untested": "weak",
    "unverifiable": "open",
    "opinion": "open",
    "contradicted": "bad",
    NOT_IN_LEDGER: "unknown",
    NO_CLAIM: "none",
}
_LEGEND: dict[str, str] = {
    **{str(name): text for name, text in SENTENCES.items()},
    NOT_IN_LEDGER: "Not in the ledger: we do not know this sentence; that says nothing for it.",
    NO_CLAIM: "No claim: a heading, a question or navigation.",
}

LONG_RUN = 5


def build_page(audit: Audit, catalogue: Catalogue) -> str:
    """The page as one HTML text; every word of the input is escaped and nothing on the page can run."""
    room = resources.files("threonate.audit")
    counts = audit.counts()
    return (
        _environment()
        .get_template("audit.html.j2")
        .render(
            name=audit.article.name,
            css=Markup((room / "templates" / "audit.css").read_text(encoding="utf-8")),
            counts=[(name, number, _TONE[name], _LEGEND[name]) for name, number in counts.items()],
            sentences=len(audit.findings),
            notes=audit.article.notes,
            without=[(name, catalogue.sources[name].citation) for name in audit.without],
            changed=[(audit.verdicts[name].number, *both) for name, both in audit.changed.items()],
            paragraphs=_paragraphs(audit),
            claims=[_claim(verdict, catalogue) for verdict in audit.verdicts.values()],
            sources=_sources(audit, catalogue),
            grades=[(record.id, record.word, record.sentence) for _, record in sorted(catalogue.grades.items())],
            sized=any(verdict.size is not None for verdict in audit.verdicts.values()),
            library=audit.library[:12],
            disclaimer=plain_disclaimer(),
        )
    )


def _environment() -> Environment:
    loader = PackageLoader("threonate.audit", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _paragraphs(audit: Audit) -> list[dict[str, Any]]:
    """Paragraphs in order; a long run of those without a claim is one block that can be opened."""
    grouped = groupby(audit.findings, key=lambda finding: finding.paragraph)
    paragraphs = [[_sentence(finding, audit) for finding in group] for _, group in grouped]
    blocks: list[dict[str, Any]] = []
    for quiet, run in groupby(paragraphs, key=lambda paragraph: all(one["quiet"] for one in paragraph)):
        found = list(run)
        lines = [sentence for paragraph in found for sentence in paragraph]
        if quiet and len(lines) >= LONG_RUN:
            blocks.append({"folded": True, "sentences": lines})
        else:
            blocks += [{"folded": False, "sentences": paragraph} for paragraph in found]
    return blocks


def _sentence(finding: Finding, audit: Audit) -> dict[str, Any]:
    verdicts = [audit.verdicts[name] for name in finding.claims]
    return {
        "text": finding.text,
        "verdict": finding.verdict,
        "tone": _TONE[finding.verdict],
        "grade": finding.grade,
        "notes": finding.notes,
        "claims": [(one.number, one.answer, one.statement, one.size.finding if one.size else "") for one in verdicts],
        "quiet": finding.verdict == NO_CLAIM and not finding.notes,
    }


def _claim(verdict: Verdict, catalogue: Catalogue) -> dict[str, Any]:
    size = verdict.size
    return {
        "number": verdict.number,
        "statement": verdict.statement,
        "answer": verdict.answer,
        "tone": _TONE[verdict.answer],
        "sentence": verdict.sentence,
        "grade": verdict.grade,
        "graded": verdict.answer not in ("advice", "opinion"),
        "word": catalogue.grades[verdict.grade].word,
        "reasons": [reason for reason in verdict.reasons if size is None or reason != size.finding],
        "for": verdict.sources_for,
        "against": verdict.sources_against,
        "change": verdict.would_change,
        "size": None if size is None else _size(verdict, catalogue),
    }


def _size(verdict: Verdict, catalogue: Catalogue) -> dict[str, Any]:
    size = verdict.size
    assert size is not None
    shown = [
        (one.hypothesis.upper(), *(f"{size:+.2g}" if size else "0" for size in (one.median, one.low, one.high)))
        for one in size.predictions
    ]
    word = catalogue.grades[size.grade].word
    return {
        "title": size.title,
        "unit": size.unit,
        "question": size.question,
        "rows": shown,
        "grade": word,
        "finding": size.finding,
    }


def _sources(audit: Audit, catalogue: Catalogue) -> list[dict[str, str]]:
    named = {name for verdict in audit.verdicts.values() for name in (*verdict.sources_for, *verdict.sources_against)}
    return [
        {
            "id": name,
            "citation": one.citation,
            "read": READ.get(one.verified, one.verified),
            "how": one.how,
            "interest": one.interest,
            "doi": one.doi,
        }
        for name in sorted(named)
        if (one := catalogue.sources.get(name)) is not None
    ]
