"""Read the TOML files of the shelf: one record a file, or one record a table."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from threonate.errors import nearest
from threonate.evidence.locate import line_of_key, shown
from threonate.evidence.records import Problem

Record = TypeVar("Record")
Place = tuple[str | int, ...]
_GIVEN_BY_PLACE = frozenset({"response"})
_OPTIONAL_NUMBERS = ("label_mg_per_g", "label_low", "label_high", "low", "high", "k_s", "k_i")


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """A TOML file as text, and how a reader of the shelf knows it."""

    text: str
    file: str

    def problem(self, place: Place, reason: str, remedy: str) -> Problem:
        """A problem at the line of a key."""
        return Problem(self.file, line_of_key(self.text, place), reason, remedy)


def read_text(path: Path, root: Path) -> tuple[str | None, list[Problem]]:
    """The text of a file, or why it cannot be read."""
    try:
        return path.read_text(encoding="utf-8"), []
    except FileNotFoundError:
        return None, [Problem(shown(path, root), 1, "the file is missing.", "Add it.")]
    except UnicodeDecodeError:
        return None, [Problem(shown(path, root), 1, "the file is not UTF-8 text.", "Save it as UTF-8.")]


def read_toml(path: Path, root: Path) -> tuple[dict[str, Any], Sheet | None, list[Problem]]:
    """What a TOML file holds; without a sheet when it cannot be read."""
    text, problems = read_text(path, root)
    if text is None:
        return {}, None, problems
    try:
        return tomllib.loads(text), Sheet(text, shown(path, root)), []
    except tomllib.TOMLDecodeError as error:
        named = re.search(r"at line (\d+)", str(error))
        line = int(named[1]) if named else max(1, len(text.splitlines()))
        reason = f"the file is not valid TOML ({error})."
        return {}, None, [Problem(shown(path, root), line, reason, "Correct the line.")]


@dataclasses.dataclass(frozen=True, slots=True)
class Form:
    """What a kind of record may hold.

    required   keys that must be there, apart from the id
    inside     keys that hold other records, alone or in a list
    """

    keys: frozenset[str]
    required: tuple[str, ...]
    inside: Mapping[str, Form]


def form_of(kind: type[Any]) -> Form:
    """The form of a record class."""
    fields = dataclasses.fields(kind)
    required = [field.name for field in fields if field.default is dataclasses.MISSING]
    inside = {
        name: form_of(part)
        for name, hint in get_type_hints(kind).items()
        for part in (hint, *get_args(hint))
        if isinstance(part, type) and dataclasses.is_dataclass(part)
    }
    return Form(
        keys=frozenset(field.name for field in fields) - _GIVEN_BY_PLACE,
        required=tuple(name for name in required if name not in _OPTIONAL_NUMBERS),
        inside=inside,
    )


class Reader(Generic[Record]):
    """Turns the tables of one kind into records."""

    def __init__(self, kind: type[Record]) -> None:
        self.form = form_of(kind)
        self.adapter = TypeAdapter(kind)

    def record(
        self, loaded: Mapping[str, Any], sheet: Sheet, given: Mapping[str, str], place: Place = ()
    ) -> tuple[list[Record], list[Problem]]:
        """The record with what its place gives (`id`, `response`), or everything wrong with it."""
        problems = list(_key_problems(loaded, self.form, sheet, place))
        if problems:
            return [], problems
        try:
            return [self.adapter.validate_python(_complete({**given, **loaded}, self.form))], []
        except ValidationError as error:
            for item in error.errors():
                where = ".".join(str(part) for part in item["loc"])
                problems.append(sheet.problem((*place, *item["loc"]), f"{where}: {item['msg']}.", "Correct the value."))
            return [], problems


def read_folder(
    folder: Path, kind: type[Record], root: Path, given: Mapping[str, str] | None = None
) -> tuple[dict[str, Record], list[Problem]]:
    """Every record of a folder by id (the file name), and everything wrong with the files.

    given    fields that every record gets from its place
    """
    reader = Reader(kind)
    records: dict[str, Record] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        loaded, sheet, found = read_toml(path, root)
        if sheet is not None:
            valid, found = reader.record(loaded, sheet, {"id": path.stem, **(given or {})})
            records.update((path.stem, record) for record in valid)
        problems += found
    return records, problems


def read_tables(path: Path, kind: type[Record], root: Path) -> tuple[dict[str, Record], list[Problem]]:
    """Every record of one file: `[id]` tables, or a list of tables named as the file that carry their id."""
    loaded, sheet, problems = read_toml(path, root)
    if sheet is None:
        return {}, problems
    reader = Reader(kind)
    records: dict[str, Record] = {}
    for place, name, row in _rows(loaded, path.stem):
        valid, found = reader.record(row, sheet, {"id": name}, place)
        records.update((name, record) for record in valid)
        problems += found
    return records, problems


def _rows(loaded: Mapping[str, Any], stem: str) -> Iterator[tuple[Place, str, Mapping[str, Any]]]:
    listed = loaded.get(stem)
    if isinstance(listed, list):
        yield from (((stem, k), str(row.get("id", "")), row) for k, row in enumerate(listed))
    else:
        yield from (((name,), name, row if isinstance(row, dict) else {}) for name, row in loaded.items())


def _key_problems(loaded: Mapping[str, Any], form: Form, sheet: Sheet, place: Place) -> Iterator[Problem]:
    """Keys that no record has, and keys that are missing, tables inside tables included."""
    for key, value in loaded.items():
        if key not in form.keys:
            remedy = f"{nearest(key, form.keys)} Correct or remove the key."
            yield sheet.problem((*place, key), f"key '{key}' is not known here.", remedy)
        elif key in form.inside:
            for where, table in _tables(value, (*place, key)):
                yield from _key_problems(table, form.inside[key], sheet, where)
    named_outside = not place or isinstance(place[-1], str)
    for name in form.required:
        if name not in loaded and not (name == "id" and named_outside):
            yield sheet.problem(place, f"key '{name}' is missing.", f"Add a line '{name} = ...'.")


def _tables(value: Any, place: Place) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    if isinstance(value, dict):
        yield place, value
    elif isinstance(value, list):
        yield from (((*place, k), table) for k, table in enumerate(value) if isinstance(table, dict))


def _complete(loaded: Mapping[str, Any], form: Form) -> dict[str, Any]:
    """Absent numbers as None, here and in the tables inside."""
    whole = {name: None for name in form.keys if name in _OPTIONAL_NUMBERS} | dict(loaded)
    for key, inner in form.inside.items():
        value = whole.get(key)
        if isinstance(value, list):
            whole[key] = [_complete(table, inner) if isinstance(table, dict) else table for table in value]
        elif isinstance(value, dict):
            whole[key] = _complete(value, inner)
    return whole
