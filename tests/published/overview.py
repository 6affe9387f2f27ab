"""Write the overview of all responses for the documentation: `python -m tests.published.overview` (a minute)."""

from __future__ import annotations

from pathlib import Path

from threonate.evidence import read_catalogue
from threonate.report.cohort import view_result
from threonate.report.figure import Figure, Table
from threonate.report.response_overview import draw_forest
from threonate.simulation import Scenario, simulate

FOLDER = Path(__file__).parents[2] / "docs" / "explanation"
PICTURE, PAGE = FOLDER / "responses-overview.svg", FOLDER / "responses-overview.md"
SCENARIO = Scenario(compound="l_threonate", compound_mg=2000.0, days=84, subjects=60, endpoints=("all",))
HEAD = """# All effects on one page

What would 2 g of magnesium L-threonate a day (144 mg of magnesium) do in twelve weeks to everything that people
take it for? Sixty simulated adults take it, and the same sixty take placebo. Each line of the picture is the
difference.

![Effects of twelve weeks on every endpoint, by the evidence they rest on](responses-overview.svg)

## How to read it

- **The black line is no effect.** Right of it is better than placebo, left of it worse. A mark is the middle
  person, a bar holds nine in ten. A bar across the line means that the model does not know the direction for
  everybody.
- **The unit is the spread between people**, so that pain, blood pressure and hair can stand side by side. By a
  common convention 0.2 is small, 0.5 medium and 0.8 large. In its own unit the effect stands at the right.
- **The headings say how far to trust a line**, best evidence on top: the weakest step on the way from the capsule
  to the endpoint.
- **Two colours, two hypotheses.** NULL: magnesium gets into the brain only as far as its barrier lets it.
  THREONATE: the rise of brain magnesium reported in rats happens in people too. Nobody has measured which is right.
  They are never averaged.
- **Hollow marks are no predictions**: an illustration with free numbers, or a what-if.

## What it says

- **Most lines lie on zero, and that is the result.** Either no trial found an effect, or the effect was seen only
  in people low in magnesium and the simulated adults are not, or the step was seen in rats or cells only and is off
  until somebody asks for it.
- **The few that do not** are migraine (trials disagree; the people have migraine), the rise of opioid dose (one
  trial, people with advanced cancer) and a cognitive score (small trials with sponsors). Their bars reach zero.
- **THREONATE moves nothing that a person would notice.** Under it brain magnesium rises a little, and the readouts
  of single receptors and synapses in the table follow. No step from there to memory, sleep, pain or hair has been
  shown in people.
- **Placebo is large.** Scores of mood, sleep and pain fall by about a third on placebo alone (in part an
  assumption). The picture shows only what comes on top.
- It is a simulation with assumptions, not a trial. [How good is it](how-good-is-it.md) lists where it misses.

## The numbers

Median and 5 to 95 % of people, under NULL; where THREONATE gives another number it stands in a line of its own.
\u2020 in the picture: no published spread, divided by that of the simulated people. Written by `python -m
tests.published.overview`.

| endpoint | effect in its own unit | effect in SD | evidence | weakest step |
|---|---|---|---|---|
"""
KINDS = ("effect in its own unit", "effect in SD", "evidence", "weakest step")


def overview() -> Figure:
    """The picture of the reference run."""
    catalogue = read_catalogue()
    figure = draw_forest(view_result(simulate(SCENARIO, catalogue), catalogue))
    assert figure is not None
    return figure


def lines(table: Table) -> list[str]:
    """Rows of the page: one for each endpoint, two where the hypotheses differ."""
    found = []
    for row in table.rows:
        cells = {
            name: [row[table.columns.index(f"{name}: {kind}")] for kind in KINDS] for name in ("NULL", "THREONATE")
        }
        found.append(_line(row[0], cells["NULL"]))
        if cells["THREONATE"][:2] != cells["NULL"][:2]:
            found.append(_line(f"{row[0]}, THREONATE", cells["THREONATE"]))
    return found


def _line(title: str, cells: list[str]) -> str:
    return f"| {' | '.join([title, *cells])} |"


def main() -> None:
    """Run, draw and write."""
    figure = overview()
    PICTURE.write_text(figure.svg, encoding="utf-8")
    PAGE.write_text(HEAD + "\n".join(lines(figure.table)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
