"""Read the one-record-per-file folders of the shelf."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from threonate.errors import nearest
from threonate.evidence.locate import line_of, shown
from threonate.evidence.records import Problem

Record = TypeVar("Record")
_OPTIONAL_NUMBERS = ("label_mg_per_g", "label_low", "label_high", "low", "high", "k_s", "k_i")


def read_folder(folder: Path, kind: type[Record], root: Path) -> tuple[dict[str, Record], list[Problem]]:
    """Every record of a folder by id (the file name), and everything wrong with the files."""
    records: dict[str, Record] = {}
    problems: list[Problem] = []
    adapter = TypeAdapter(kind)
    for path in sorted(folder.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        loaded, found = _load(text, shown(path, root))
        if loaded is not None:
            found += _key_problems(loaded, kind, text, shown(path, root))
        if loaded is not None and not found:
            valid, found = _validate(adapter, _complete(loaded, kind, path.stem), text, shown(path, root))
            records.update({path.stem: record for record in valid})
        problems += found
    return records, problems


def _load(text: str, file: str) -> tuple[dict[str, Any] | None, list[Problem]]:
    try:
        return tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        line = int(str(error).rsplit("line ", 1)[-1].split(",")[0]) if "line " in str(error) else 1
        return None, [Problem(file, line, f"the file is not valid TOML ({error}).", "Correct the line.")]


def _names(kind: type[Any]) -> dict[str, dataclasses.Field[Any]]:
    return {field.name: field for field in dataclasses.fields(kind)}


def _key_problems(loaded: Mapping[str, Any], kind: type[Any], text: str, file: str) -> list[Problem]:
    names = _names(kind)
    problems = []
    for key in loaded:
        if key not in names:
            line = line_of(text, rf"^\s*\[*\s*{key}\b")
            remedy = f"{nearest(key, names)} Correct or remove the key."
            problems.append(Problem(file, line, f"key '{key}' is not known here.", remedy))
    for name, field in names.items():
        optional = name == "id" or name in _OPTIONAL_NUMBERS or field.default is not dataclasses.MISSING
        if name not in loaded and not optional:
            problems.append(Problem(file, 1, f"key '{name}' is missing.", f"Add a line '{name} = ...'."))
    return problems


def _complete(loaded: dict[str, Any], kind: type[Any], stem: str) -> dict[str, Any]:
    whole = {name: None for name in _names(kind) if name in _OPTIONAL_NUMBERS}
    effects = [{"low": None, "high": None, **effect} for effect in loaded.get("effects", ())]
    return {**whole, "id": stem, **loaded, **({"effects": effects} if effects else {})}


def _validate(
    adapter: TypeAdapter[Record], whole: Mapping[str, Any], text: str, file: str
) -> tuple[list[Record], list[Problem]]:
    try:
        return [adapter.validate_python(whole)], []
    except ValidationError as error:
        problems = []
        for item in error.errors():
            key = str(item["loc"][0]) if item["loc"] else ""
            line = line_of(text, rf"^\s*\[*\s*{key}\b")
            place = ".".join(str(part) for part in item["loc"])
            problems.append(Problem(file, line, f"{place}: {item['msg']}.", "Correct the value."))
        return [], problems
