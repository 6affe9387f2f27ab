"""How one field of a scenario is guarded, and how a wrong value is answered.

The bounds used with these helpers keep typing errors out; they are not statements about physiology.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from threonate.errors import ScenarioError, nearest

ELEMENTAL_MG_LIMIT = 20_000.0
"""No scenario swallows more elemental magnesium a day than this [mg]; a guard against slips of the unit."""

Problem = str
OPTION_NAMES = {"links": "link", "priors": "prior"}
"""Fields whose option is not called as they are."""


class PriorChoice(BaseModel):
    """A size set by hand: the typical value and its SD, both in the unit of the symbol."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    value: float
    sd: float = Field(default=0.0, ge=0.0)


def number(default: float | None, unit: str, low: float, high: float, text: str, above: bool = False) -> Any:
    """A field that holds a number from `low` (or above it) to `high` in `unit`.

    >>> number(84, "d", 1, 3650, "Length").json_schema_extra["allowed"]
    '1 to 3650 d'
    """
    span = f"above {low:g} and at most {high:.12g}" if above else f"{low:g} to {high:.12g}"
    extra: dict[str, Any] = {"unit": unit, "allowed": f"{span} {unit}".strip()}
    lower: dict[str, Any] = {"gt": low} if above else {"ge": low}
    return Field(default, le=high, description=text, json_schema_extra=extra, allow_inf_nan=False, **lower)


def word(default: object, allowed: str, text: str, **more: Any) -> Any:
    """A field that holds a word, several words, or yes/no; `allowed` says which, in plain language."""
    return Field(default, description=text, json_schema_extra={"unit": "", "allowed": allowed}, **more)


def extra_of(field: FieldInfo) -> Mapping[str, Any]:
    """Unit and allowed values of a field."""
    extra = field.json_schema_extra
    return extra if isinstance(extra, dict) else {}


def shown(value: object) -> str:
    """A given value as the person wrote it; words in quotes, numbers without.

    >>> shown("-5"), shown("between"), shown(-5.0)
    ('-5', "'between'", '-5')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, str):
        return value if _is_number(value) else repr(value)
    return repr(value)


def explain(error: ValidationError, fields: Mapping[str, FieldInfo]) -> list[Problem]:
    """One sentence for each thing that is wrong: the field, the value given, what is allowed, what to do."""
    problems: list[Problem] = []
    told: set[str] = set()
    for detail in error.errors(include_url=False):
        name = str(next(iter(detail["loc"]), ""))
        if not name:
            problems.extend(str(detail["ctx"]["error"] if "ctx" in detail else detail["msg"]).splitlines())
        elif name not in fields:
            problems.append(f"unknown field '{name}'. {nearest(name, fields)} Correct the name or remove the field.")
        elif name not in told:
            problems.append(_wrong_value(name, detail["input"], fields[name]))
        told.add(name)
    return problems


def one_message(title: str, problems: list[Problem]) -> str:
    """All problems as one readable message.

    >>> print(one_message("scenario", ["egfr is 0; allowed: 1 to 250 mL/min/1.73 m2."]))
    1 problem in the scenario:
      egfr is 0; allowed: 1 to 250 mL/min/1.73 m2.
    """
    count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    return "\n".join([f"{count} in the {title}:", *(f"  {problem}" for problem in problems)])


def read_file(path: Path) -> dict[str, object]:
    """Fields of a scenario file; raises ScenarioError when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path} is not a TOML file: {error}. Write one 'field = value' a line.") from None
    except OSError as error:
        raise ScenarioError(f"{path} cannot be read: {error.strerror}. Give the path of a scenario file.") from None


def listed(given: object) -> tuple[object, ...]:
    """The parts of a list, whether written as a list or with commas."""
    if isinstance(given, str):
        return tuple(part.strip() for part in given.split(",") if part.strip())
    return tuple(given) if isinstance(given, list | tuple) else (given,)


def switches(text: str) -> dict[str, object]:
    """Links as an option names them.

    >>> switches("a=on,b=off")
    {'a': True, 'b': False}
    """
    words = {"on": True, "off": False}
    pairs = (part.partition("=") for part in text.split(",") if part.strip())
    return {name.strip(): words.get(word.strip(), word.strip()) for name, _, word in pairs}


def prior_fields(text: str) -> dict[str, object]:
    """Priors as an option names them.

    >>> prior_fields("sleep.e_H=0.02:0.01")
    {'sleep.e_H': {'value': '0.02', 'sd': '0.01'}}
    """
    found: dict[str, object] = {}
    for part in (part for part in text.split(",") if part.strip()):
        name, _, numbers = part.partition("=")
        value, _, spread = numbers.partition(":")
        found[name.strip()] = {"value": value.strip(), "sd": spread.strip() or "0"}
    return found


def said(value: object) -> str:
    """A value as an option takes it.

    >>> said((8.0, 20.5)), said(2000.0), said({"a": True})
    ('8,20.5', '2000', 'a=on')
    """
    if isinstance(value, dict):
        return ",".join(f"{name}={said(part)}" for name, part in value.items())
    if isinstance(value, PriorChoice):
        return f"{value.value:.12g}:{value.sd:.12g}"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return ",".join(said(part) for part in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def toml_value(value: object) -> str:
    """A value as a scenario file writes it.

    >>> toml_value((8.0, 20.5)), toml_value(True)
    ('[8.0, 20.5]', 'true')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml_value(name)} = {toml_value(part)}" for name, part in value.items()) + "}"
    if isinstance(value, PriorChoice):
        return f"{{value = {value.value!r}, sd = {value.sd!r}}}"
    if isinstance(value, tuple):
        return f"[{', '.join(toml_value(part) for part in value)}]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(value)


def _wrong_value(name: str, given: object, field: FieldInfo) -> Problem:
    extra = extra_of(field)
    whole = "a whole number, " if field.annotation is int else ""
    sentence = f"{name} is {shown(given)}; allowed: {whole}{extra.get('allowed', 'see the documentation')}."
    if isinstance(given, float | str) and _is_number(given) and not math.isfinite(float(given)):
        return f"{sentence} Give a finite number or leave the field out."
    choices = extra.get("choices")
    if choices and isinstance(given, str):
        return f"{sentence} {nearest(given, choices)}"
    if extra.get("unit"):
        return f"{sentence} Check the value and its unit."
    return f"{sentence} Correct the value or leave the field out."


def _is_number(text: str | float) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
