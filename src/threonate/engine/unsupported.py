"""What this engine refuses, by name and place."""

from __future__ import annotations

from threonate.errors import ThreonateError


class UnsupportedModel(ThreonateError):  # noqa: N818 - it is said of a model
    """A model holds a construct that this engine does not solve; it is refused, never approximated.

    construct   the SBML or MathML construct
    element     id of the element that holds it, or '' for the whole model
    """

    def __init__(self, construct: str, element: str = "") -> None:
        self.construct = construct
        self.element = element
        super().__init__(construct, element)

    def __str__(self) -> str:
        where = f" in '{self.element}'" if self.element else ""
        return f"{self.construct}{where}: not supported by the native engine. Rewrite it, or use another solver."
