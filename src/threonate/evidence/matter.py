"""Where magnesium can be, and how salts dissolve: checks that keep matter in the books."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from threonate.errors import nearest
from threonate.evidence.checks import Shelf
from threonate.evidence.locate import line_of_key
from threonate.evidence.parameters import LARGEST_LOG_SD
from threonate.evidence.records import Compound, Problem
from threonate.evidence.unread import text_file

_COUNTED = "Mg_"
_PORT_SPECIES = re.compile(r"^\s*(?:substanceOnly\s+)?species\s+(\w+)", re.MULTILINE)


def check_matter(shelf: Shelf) -> list[Problem]:
    """Places against the species of the body, and compounds on their own."""
    return [*place_problems(shelf), *compound_problems(shelf)]


def place_problems(shelf: Shelf) -> Iterator[Problem]:
    """Places that name no species, and species that stand in no place or in two."""
    if "places.toml" in shelf.unread.files:
        return
    species = _counted_species(shelf)
    seen: dict[str, str] = {}
    for place in shelf.catalogue.places.values():
        for name in place.species:
            if name in seen:
                reason = f"species '{name}' stands in two places, {seen[name]} and {place.id}."
                yield _in_place(shelf, place.id, reason, "Keep it in one.")
            elif name not in species and not _organ_unread(shelf, name):
                reason = f"'{name}' is not a species of the body."
                yield _in_place(shelf, place.id, reason, f"{nearest(name, species)} Write organ.species, or a port.")
            seen.setdefault(name, place.id)
    for name, (file, line) in species.items():
        if name not in seen:
            reason = f"species '{name}' stands in no place, so no balance would count it."
            yield Problem(file, line, reason, "Add it to one place in places.toml.")


def _organ_unread(shelf: Shelf, species: str) -> bool:
    organ = species.rpartition(".")[0]
    return organ not in shelf.catalogue.modules and text_file(organ, shelf.root) in shelf.unread.files


def _counted_species(shelf: Shelf) -> Mapping[str, tuple[str, int]]:
    """Magnesium species of ports and organs, with where they are declared."""
    ports = (name for name in _PORT_SPECIES.findall(shelf.ports.text) if name.startswith(_COUNTED))
    found = {name: ("ports.ant", shelf.ports.lines[name]) for name in ports}
    for module in shelf.catalogue.modules.values():
        file = module.file
        for name, line in module.species.items():
            if name.startswith(_COUNTED) and name not in shelf.ports.lines:
                found[f"{module.organ}.{name}"] = (file, line)
    return found


def _in_place(shelf: Shelf, place: str, reason: str, remedy: str) -> Problem:
    text = (shelf.root / "places.toml").read_text(encoding="utf-8")
    return Problem("places.toml", line_of_key(text, (place, "species")), reason, remedy)


def compound_problems(shelf: Shelf) -> Iterator[Problem]:
    """Salts that would never dissolve, and dissolution rates with impossible numbers."""
    for compound in shelf.catalogue.compounds.values():
        file = f"compounds/{compound.id}.toml"
        text = (shelf.root / file).read_text(encoding="utf-8")
        for key, reason, remedy in _compound_reasons(compound):
            yield Problem(file, line_of_key(text, key), reason, remedy)


def _compound_reasons(compound: Compound) -> Iterator[tuple[tuple[str, ...], str, str]]:
    share = compound.dissolved_share
    if not 0.0 <= share <= 1.0:
        yield ("dissolved_share",), f"dissolved_share {share:g} is not a share.", "Give a value from 0 to 1."
    for name in ("k_s", "k_i"):
        rate = getattr(compound, name)
        if rate is None:
            if share < 1.0:
                remedy = f"Add a table [{name}], or dissolved_share = 1."
                yield ("dissolved_share",), f"the undissolved part has no rate {name}, so it never dissolves.", remedy
            continue
        if not 0.0 < rate.low <= rate.value <= rate.high:
            reason = f"{name}: {rate.low:g}, {rate.value:g}, {rate.high:g} are not a positive low, value and high."
            yield (name, "value"), reason, "Correct the value, low or high."
        for spread in ("between_sd", "uncertainty_sd"):
            if not 0.0 <= getattr(rate, spread) <= LARGEST_LOG_SD:
                reason = f"{name}: {spread} {getattr(rate, spread):g} is not a possible spread."
                yield (name, spread), reason, f"A log-SD lies between 0 and {LARGEST_LOG_SD:g}."
