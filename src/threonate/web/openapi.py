"""The scenario as parameters of a query, for the description of the interface."""

from __future__ import annotations

from typing import Any

from threonate.simulation.scenario import Scenario

_TEXT = ("conditions", "endpoints", "dose_times_h", "links", "priors")


def scenario_parameters() -> list[dict[str, Any]]:
    """One parameter for each field, with its bounds, unit and meaning.

    >>> {one["name"] for one in scenario_parameters()} >= {"compound", "egfr", "days"}
    True
    """
    fields = Scenario.model_json_schema()["properties"]
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": _described(schema),
            "schema": _plain(name, schema),
        }
        for name, schema in fields.items()
    ]


def _described(schema: dict[str, Any]) -> str:
    unit = f" [{schema['unit']}]" if schema.get("unit") else ""
    return f"{schema.get('description', '')}{unit}. Allowed: {schema.get('allowed', '')}."


def _plain(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The type as a query can write it: lists and switches are text with commas."""
    if name in _TEXT:
        return {"type": "string", "maxLength": 400}
    options = schema.get("anyOf", [schema])
    kept = {key: value for key, value in options[0].items() if key in _KEPT}
    return kept | ({"default": schema["default"]} if schema.get("default") is not None else {})


_KEPT = frozenset({"type", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength"})
