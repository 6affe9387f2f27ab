"""What must fit together across the files of the shelf."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from threonate.errors import nearest
from threonate.evidence.finding_ids import findings_in
from threonate.evidence.grades import WITHOUT_HUMAN_SUPPORT
from threonate.evidence.locate import line_of
from threonate.evidence.modules import PortList
from threonate.evidence.records import GFR_SPREAD, Catalogue, Endpoint, Link, Module, Parameter, Problem
from threonate.evidence.unread import Unread, parameter_file, text_file

_KINDS_WITH_SOURCES = ("compounds", "conditions", "populations", "endpoints", "limits")
_NULL = "null"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The catalogue with what the checks need around it."""

    catalogue: Catalogue
    ports: PortList
    root: Path
    unread: Unread

    def problem(self, file: str, pattern: str, reason: str, remedy: str) -> Problem:
        """A problem at the first line of a file that matches a pattern."""
        text = (self.root / file).read_text(encoding="utf-8")
        return Problem(file, line_of(text, pattern), reason, remedy)

    def has_row(self, symbol: str) -> bool:
        """Whether `organ.symbol` has a row, or would have one if its file could be read."""
        organ, _, name = symbol.rpartition(".")
        hidden = organ not in self.catalogue.modules and text_file(organ, self.root) in self.unread.files
        known = any(parameter.id == symbol for parameter in self.catalogue.parameters.values())
        return known or hidden or self.unread.row(parameter_file(organ, self.root), name)

    def is_readable(self, symbol: str) -> bool:
        """Whether a text writes `organ.symbol`, or a port has the name."""
        organ, _, name = symbol.rpartition(".")
        if not organ:
            return name in self.ports.lines
        module = self.catalogue.modules.get(organ)
        if module is None:
            return text_file(organ, self.root) in self.unread.files
        return name in re.findall(r"\w+", module.text)

    @property
    def row_ids(self) -> set[str]:
        """Every `organ.symbol` with a row."""
        return {parameter.id for parameter in self.catalogue.parameters.values()}


def check_catalogue(shelf: Shelf) -> list[Problem]:
    """Everything that does not fit, across all files."""
    checks = (
        symbol_problems(shelf),
        port_row_problems(shelf),
        parameter_source_problems(shelf),
        record_source_problems(shelf),
        finding_problems(shelf),
        link_problems(shelf),
        endpoint_problems(shelf),
        measurement_problems(shelf),
        symbol_name_problems(shelf),
    )
    return [problem for check in checks for problem in check]


def symbol_problems(shelf: Shelf) -> Iterator[Problem]:
    """Symbols without a row, rows without a symbol, and units that differ between the two."""
    for module in shelf.catalogue.modules.values():
        rows = [p for p in shelf.catalogue.parameters.values() if p.organ == module.organ]
        human = {p.symbol: p for p in rows if p.species == "human"}
        yield from _symbols_without_row(module, human, shelf)
        for parameter in rows:
            yield from _row_fits_module(parameter, module, parameter_file(parameter.organ, shelf.root))


def _symbols_without_row(module: Module, rows: Mapping[str, Parameter], shelf: Shelf) -> Iterator[Problem]:
    table = parameter_file(module.organ, shelf.root)
    for symbol, (_, line) in module.symbols.items():
        if symbol not in rows and not shelf.unread.row(table, symbol):
            remedy = f"{nearest(symbol, rows)} Correct the name or add the row."
            reason = f"symbol '{symbol}' has no row in {table}."
            yield Problem(module.file, line, reason, remedy)


def _row_fits_module(parameter: Parameter, module: Module, file: str) -> Iterator[Problem]:
    known = module.symbols.get(parameter.symbol)
    if known is None:
        reason = f"row '{parameter.symbol}' has no symbol in {module.organ}.ant."
        remedy = f"{nearest(parameter.symbol, module.symbols)} Correct the name or remove the row."
        yield Problem(file, parameter.line, reason, remedy)
    elif known[0] and known[0] != parameter.unit:
        reason = f"unit of '{parameter.symbol}' is {parameter.unit}, but {module.organ}.ant says {known[0]}."
        remedy = "Give the value in the unit of the text, or correct the text."
        yield Problem(file, parameter.line, reason, remedy)


def port_row_problems(shelf: Shelf) -> Iterator[Problem]:
    """Rows of ports.csv against the declarations of ports.ant."""
    units = shelf.ports.units
    for parameter in (p for p in shelf.catalogue.parameters.values() if p.organ == "port"):
        unit = units.get(parameter.symbol)
        if unit is None:
            remedy = f"{nearest(parameter.symbol, units)} Correct the name or remove the row."
            yield Problem("ports.csv", parameter.line, f"row '{parameter.symbol}' is not a port.", remedy)
        elif unit != parameter.unit:
            reason = f"unit of '{parameter.symbol}' is {parameter.unit}, but ports.ant says {unit}."
            yield Problem("ports.csv", parameter.line, reason, "Give the value in the unit of ports.ant.")


def parameter_source_problems(shelf: Shelf) -> Iterator[Problem]:
    """Unknown sources and findings, and numbers that rest on something unverified."""
    sources = shelf.catalogue.sources
    findings = {finding.id: finding for source in sources.values() for finding in source.findings}
    for parameter in shelf.catalogue.parameters.values():
        file = parameter_file(parameter.organ, shelf.root)
        if parameter.source and not _has_source(shelf, parameter.source):
            remedy = f"{nearest(parameter.source, sources)} Correct the name or add sources/<name>.toml."
            reason = f"row '{parameter.symbol}': source '{parameter.source}' is not in sources/."
            yield Problem(file, parameter.line, reason, remedy)
        for finding in findings_in(parameter.locator):
            if finding in findings and findings[finding].verification == "unverified":
                reason = f"row '{parameter.symbol}' rests on {finding}, which could not be verified."
                yield Problem(file, parameter.line, reason, "Use a verified finding, or call the value assumed.")
            elif finding not in findings and finding not in shelf.unread.findings:
                reason = f"row '{parameter.symbol}': finding '{finding}' is in no source."
                yield Problem(file, parameter.line, reason, "Correct the locator or add the finding.")


def _has_source(shelf: Shelf, source: str) -> bool:
    return source in shelf.catalogue.sources or f"sources/{source}.toml" in shelf.unread.files


def record_source_problems(shelf: Shelf) -> Iterator[Problem]:
    """Sources that records name but the shelf does not have."""
    catalogue = shelf.catalogue
    for kind in _KINDS_WITH_SOURCES:
        for record_id, record in getattr(catalogue, kind).items():
            file = record.file if isinstance(record, Endpoint) else f"{kind}/{record_id}.toml"
            yield from _missing_sources(shelf, file, record.sources)
    for population in catalogue.populations.values():
        sources = [covariate.source for covariate in population.covariates]
        yield from _missing_sources(shelf, f"populations/{population.id}.toml", sources)
    for link in catalogue.links.values():
        yield from _missing_sources(shelf, link.file, (*link.sources_for, *link.sources_against))


def _missing_sources(shelf: Shelf, file: str, sources: Iterable[str]) -> Iterator[Problem]:
    for source in dict.fromkeys(sources):
        if not _has_source(shelf, source):
            remedy = f"{nearest(source, shelf.catalogue.sources)} Correct the name or add sources/<name>.toml."
            yield shelf.problem(file, f'"{re.escape(source)}"', f"source '{source}' is not in sources/.", remedy)


def finding_problems(shelf: Shelf) -> Iterator[Problem]:
    """Findings and identifiers that stand in two places."""
    seen: dict[str, str] = {}
    for source in shelf.catalogue.sources.values():
        text = (shelf.root / "sources" / f"{source.id}.toml").read_text(encoding="utf-8")
        keys = [finding.id for finding in source.findings]
        keys += [f"doi {source.doi}"] * bool(source.doi) + [f"pmid {source.pmid}"] * bool(source.pmid)
        for key in keys:
            if key in seen:
                pattern = rf'^\s*(id|doi|pmid)\s*=\s*"{re.escape(key.split(" ")[-1])}"'
                line = line_of(text, pattern, nth=2 if seen[key] == source.id else 1)
                reason = f"'{key}' already stands in sources/{seen[key]}.toml."
                yield Problem(f"sources/{source.id}.toml", line, reason, "Keep one of the two.")
            seen.setdefault(key, source.id)


def link_problems(shelf: Shelf) -> Iterator[Problem]:
    """Links to unknown switches, priors or hypotheses, and weak links that are on by default."""
    hypotheses = shelf.catalogue.hypotheses
    for link in shelf.catalogue.links.values():
        file = link.file
        yield from _missing_rows(shelf, file, [*link.priors, *([link.switch] if link.switch else [])])
        for name in link.hypotheses:
            if name not in hypotheses and f"hypotheses/{name}.toml" not in shelf.unread.files:
                reason = f"hypothesis '{name}' is not in hypotheses/."
                yield shelf.problem(file, r"^hypotheses", reason, nearest(name, hypotheses))
        if link.grade in WITHOUT_HUMAN_SUPPORT and link.default_on:
            reason = f"a link of grade {link.grade} is on by default."
            yield shelf.problem(file, r"^default_on", reason, "Write default_on = false.")
        if link.grade in WITHOUT_HUMAN_SUPPORT and _NULL in link.hypotheses:
            reason = f"a link of grade {link.grade} is on under the hypothesis '{_NULL}'."
            yield shelf.problem(file, r"^hypotheses", reason, f"Take '{_NULL}' out of the list.")
        yield from _switch_problems(shelf, link)


def _switch_problems(shelf: Shelf, link: Link) -> Iterator[Problem]:
    """A switch stands at what default_on says, so that a text composed alone means the same."""
    row = shelf.catalogue.parameters.get((link.switch, "human"))
    if row is not None and link.response and row.value != float(link.default_on):
        wanted = "1" if link.default_on else "0"
        reason = f"switch '{link.switch}' stands at {row.value:g}, but default_on is {str(link.default_on).lower()}."
        yield Problem(parameter_file(row.organ, shelf.root), row.line, reason, f"Write {wanted}, or change the link.")


def endpoint_problems(shelf: Shelf) -> Iterator[Problem]:
    """Endpoints that read a symbol nobody writes, or name an unknown link."""
    links = shelf.catalogue.links
    for endpoint in shelf.catalogue.endpoints.values():
        file = endpoint.file
        if not shelf.is_readable(endpoint.symbol):
            reason = f"symbol '{endpoint.symbol}' is not in the body."
            yield shelf.problem(file, r"^symbol", reason, "Write organ.symbol, or the name of a port.")
        for link in endpoint.path:
            if link not in links and not any(name.endswith(f"links/{link}.toml") for name in shelf.unread.files):
                yield shelf.problem(file, r"^path", f"link '{link}' is not in links/.", nearest(link, links))


def measurement_problems(shelf: Shelf) -> Iterator[Problem]:
    """What the endpoints of responses say about placebo and noise."""
    for endpoint in shelf.catalogue.endpoints.values():
        file = endpoint.file
        if endpoint.placebo and not shelf.is_readable(endpoint.placebo):
            reason = f"placebo '{endpoint.placebo}' is not in the body."
            yield shelf.problem(file, r"^placebo", reason, "Write response.symbol, or leave it out.")
        if min(endpoint.noise_sd, endpoint.standard_sd) < 0.0:
            yield shelf.problem(file, r"=\s*-", "a spread is negative.", "Give 0 or more.")
        if endpoint.noise_sd and not endpoint.noise_source:
            yield shelf.problem(file, r"^noise_sd", "the noise has no source.", "Add noise_source.")
        yield from _missing_sources(shelf, file, [endpoint.noise_source] if endpoint.noise_source else [])


def symbol_name_problems(shelf: Shelf) -> Iterator[Problem]:
    """Conditions and populations that name a symbol the body does not have."""
    for condition in shelf.catalogue.conditions.values():
        symbols = [e.symbol for e in condition.effects if e.symbol != GFR_SPREAD]
        yield from _missing_rows(shelf, f"conditions/{condition.id}.toml", symbols)
    for population in shelf.catalogue.populations.values():
        paired = [name for pair in population.correlations for name in (pair.first, pair.second)]
        symbols = [name for name in paired if name.rpartition(".")[0] not in shelf.catalogue.compounds]
        yield from _missing_rows(shelf, f"populations/{population.id}.toml", symbols)


def _missing_rows(shelf: Shelf, file: str, symbols: Iterable[str]) -> Iterator[Problem]:
    for symbol in dict.fromkeys(symbols):
        if not shelf.has_row(symbol):
            remedy = f"{nearest(symbol, shelf.row_ids)} Correct the name or add the row."
            yield shelf.problem(file, f'"{re.escape(symbol)}"', f"symbol '{symbol}' has no row.", remedy)
