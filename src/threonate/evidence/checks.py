"""What must fit together across the files of the shelf."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from threonate.errors import nearest
from threonate.evidence.locate import line_of, shown
from threonate.evidence.modules import PortList
from threonate.evidence.records import Catalogue, Module, Parameter, Problem

_FINDING = re.compile(r"[A-Z]+\d+")
_KINDS_WITH_SOURCES = ("compounds", "conditions", "populations", "endpoints", "limits")


def check_catalogue(catalogue: Catalogue, ports: PortList, root: Path) -> list[Problem]:
    """Everything that does not fit, across all files."""
    checks = (
        symbol_problems(catalogue, root),
        port_row_problems(catalogue, ports),
        parameter_source_problems(catalogue),
        record_source_problems(catalogue, root),
        finding_problems(catalogue, root),
        link_problems(catalogue, root),
        endpoint_problems(catalogue, ports, root),
        effect_problems(catalogue, ports, root),
    )
    return [problem for check in checks for problem in check]


def parameter_file(parameter: Parameter) -> str:
    """The table a parameter stands in."""
    return "ports.csv" if parameter.organ == "port" else f"organs/{parameter.organ}/parameters.csv"


def symbol_problems(catalogue: Catalogue, root: Path) -> Iterator[Problem]:
    """Symbols without a row, rows without a symbol, and units that differ between the two."""
    for module in catalogue.modules.values():
        rows = {p.symbol: p for p in catalogue.parameters.values() if p.organ == module.organ and p.species == "human"}
        yield from _symbols_without_row(module, rows, root)
        for parameter in (p for p in catalogue.parameters.values() if p.organ == module.organ):
            yield from _row_fits_module(parameter, module)


def _symbols_without_row(module: Module, rows: Mapping[str, Parameter], root: Path) -> Iterator[Problem]:
    for symbol, (_, line) in module.symbols.items():
        if symbol not in rows:
            table = f"organs/{module.organ}/parameters.csv"
            reason = f"symbol '{symbol}' has no row in {table}."
            remedy = f"{nearest(symbol, rows)} Correct the name or add the row."
            yield Problem(shown(module.path, root), line, reason, remedy)


def _row_fits_module(parameter: Parameter, module: Module) -> Iterator[Problem]:
    file = parameter_file(parameter)
    known = module.symbols.get(parameter.symbol)
    if known is None:
        reason = f"row '{parameter.symbol}' has no symbol in {module.organ}.ant."
        remedy = f"{nearest(parameter.symbol, module.symbols)} Correct the name or remove the row."
        yield Problem(file, parameter.line, reason, remedy)
    elif known[0] and known[0] != parameter.unit:
        reason = f"unit of '{parameter.symbol}' is {parameter.unit}, but {module.organ}.ant says {known[0]}."
        remedy = "Give the value in the unit of the text, or correct the text."
        yield Problem(file, parameter.line, reason, remedy)


def port_row_problems(catalogue: Catalogue, ports: PortList) -> Iterator[Problem]:
    """Rows of ports.csv against the declarations of ports.ant."""
    for parameter in (p for p in catalogue.parameters.values() if p.organ == "port"):
        unit = ports.units.get(parameter.symbol)
        if unit is None:
            reason = f"row '{parameter.symbol}' is not a port."
            yield Problem("ports.csv", parameter.line, reason, f"{nearest(parameter.symbol, ports.units)}")
        elif unit != parameter.unit:
            reason = f"unit of '{parameter.symbol}' is {parameter.unit}, but ports.ant says {unit}."
            yield Problem("ports.csv", parameter.line, reason, "Give the value in the unit of ports.ant.")


def parameter_source_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Unknown sources and findings, and numbers that rest on something unverified."""
    findings = {finding.id: finding for source in catalogue.sources.values() for finding in source.findings}
    for parameter in catalogue.parameters.values():
        file = parameter_file(parameter)
        if parameter.source and parameter.source not in catalogue.sources:
            remedy = f"{nearest(parameter.source, catalogue.sources)} Correct the name or add sources/<name>.toml."
            reason = f"row '{parameter.symbol}': source '{parameter.source}' is not in sources/."
            yield Problem(file, parameter.line, reason, remedy)
        for finding in _FINDING.findall(parameter.locator):
            if finding not in findings:
                reason = f"row '{parameter.symbol}': finding '{finding}' is in no source."
                yield Problem(file, parameter.line, reason, "Correct the locator or add the finding.")
            elif findings[finding].verification == "unverified":
                reason = f"row '{parameter.symbol}' rests on {finding}, which could not be verified."
                yield Problem(file, parameter.line, reason, "Use a verified finding, or call the value assumed.")


def record_source_problems(catalogue: Catalogue, root: Path) -> Iterator[Problem]:
    """Sources that records name but the shelf does not have."""
    for kind in _KINDS_WITH_SOURCES:
        for record_id, record in getattr(catalogue, kind).items():
            yield from _missing_sources(catalogue, root / kind / f"{record_id}.toml", record.sources, root)
    for link in catalogue.links.values():
        path = root / "links" / f"{link.id}.toml"
        yield from _missing_sources(catalogue, path, (*link.sources_for, *link.sources_against), root)


def _missing_sources(catalogue: Catalogue, path: Path, sources: Iterable[str], root: Path) -> Iterator[Problem]:
    for source in sources:
        if source not in catalogue.sources:
            line = line_of(path.read_text(encoding="utf-8"), re.escape(source))
            remedy = f"{nearest(source, catalogue.sources)} Correct the name or add sources/<name>.toml."
            yield Problem(shown(path, root), line, f"source '{source}' is not in sources/.", remedy)


def finding_problems(catalogue: Catalogue, root: Path) -> Iterator[Problem]:
    """Findings and identifiers that stand in two places."""
    seen: dict[str, str] = {}
    for source in catalogue.sources.values():
        keys = [finding.id for finding in source.findings]
        keys += [f"doi {source.doi}"] * bool(source.doi) + [f"pmid {source.pmid}"] * bool(source.pmid)
        for key in keys:
            if key in seen:
                path = root / "sources" / f"{source.id}.toml"
                line = line_of(path.read_text(encoding="utf-8"), re.escape(key.split(" ")[-1]))
                reason = f"'{key}' already stands in sources/{seen[key]}.toml."
                yield Problem(shown(path, root), line, reason, "Keep one of the two.")
            seen.setdefault(key, source.id)


def link_problems(catalogue: Catalogue, root: Path) -> Iterator[Problem]:
    """Links to unknown switches, priors or hypotheses, and weak links that are on by default."""
    known = {p.id for p in catalogue.parameters.values()}
    for link in catalogue.links.values():
        path = root / "links" / f"{link.id}.toml"
        text = path.read_text(encoding="utf-8")
        symbols = [*link.priors, *([link.switch] if link.switch else [])]
        for symbol in (s for s in symbols if s not in known):
            line = line_of(text, re.escape(symbol))
            reason = f"symbol '{symbol}' has no row."
            yield Problem(shown(path, root), line, reason, nearest(symbol, known))
        for hypothesis in (h for h in link.hypotheses if h not in catalogue.hypotheses):
            line = line_of(text, r"^hypotheses")
            reason = f"hypothesis '{hypothesis}' is not in hypotheses/."
            yield Problem(shown(path, root), line, reason, nearest(hypothesis, catalogue.hypotheses))
        if link.default_on and link.grade in {"D", "E", "N", "X", "U"}:
            line = line_of(text, r"^default_on")
            reason = f"a link of grade {link.grade} is on by default."
            yield Problem(shown(path, root), line, reason, "Write default_on = false.")


def endpoint_problems(catalogue: Catalogue, ports: PortList, root: Path) -> Iterator[Problem]:
    """Endpoints that read a symbol nobody writes, or name an unknown link."""
    for endpoint in catalogue.endpoints.values():
        path = root / "endpoints" / f"{endpoint.id}.toml"
        text = path.read_text(encoding="utf-8")
        organ, _, symbol = endpoint.symbol.rpartition(".")
        module = catalogue.modules.get(organ)
        written = ports.lines if not organ else re.findall(r"\w+", module.text) if module else ()
        if symbol not in written:
            line = line_of(text, r"^symbol")
            reason = f"symbol '{endpoint.symbol}' is not in the body."
            yield Problem(shown(path, root), line, reason, "Write organ.symbol, or the name of a port.")
        for link in (name for name in endpoint.path if name not in catalogue.links):
            reason = f"link '{link}' is not in links/."
            yield Problem(shown(path, root), line_of(text, r"^path"), reason, nearest(link, catalogue.links))


def effect_problems(catalogue: Catalogue, ports: PortList, root: Path) -> Iterator[Problem]:
    """Conditions that change a symbol the body does not have."""
    known = {p.id for p in catalogue.parameters.values()} | {"population.gfr_extra_log_sd"}
    for condition in catalogue.conditions.values():
        path = root / "conditions" / f"{condition.id}.toml"
        for effect in condition.effects:
            if effect.symbol not in known:
                line = line_of(path.read_text(encoding="utf-8"), re.escape(effect.symbol))
                reason = f"symbol '{effect.symbol}' has no row."
                yield Problem(shown(path, root), line, reason, nearest(effect.symbol, known))
