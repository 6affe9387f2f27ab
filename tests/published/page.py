"""Write the page "how good is it" from the acceptance rows: `python -m tests.published.page`."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.published.acceptance import rows
from tests.published.bench import Row
from tests.published.response_rows import Chapter, chapters

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "how-good-is-it.md"
COLUMNS = """| protocol | quantity | model | measured | role | outcome | findings |
|---|---|---|---|---|---|---|
"""
HEAD = """# How good is it

Each line is a published protocol, run by the test suite: the body on the reference adult, a response alone with the
body held still. *T*: these data helped to tune the model, so meeting them proves little. *V*: they did not.
**Misses stay in the tables.** Nearly all data were read at abstract level; ids are findings, shown with their source
by `threonate library show <id>`.

"""
BODY = """
## The body

"""
RESPONSES = """
## The responses

Scores, sleep, pain and the rest, response by response. Where a note says "ours", the study gave no interval and the one
here is the project's. An inside next to a *V* with a wide interval says only that the model is not refuted.
"""
TAIL = """
### What the misses mean

- **Fasting tracer dose.** The difference between fed and fasting follows from two assumed emptying rates; the
  meal state of the study is not in its abstract.
- **Salts.** One dissolution rate for oxide cannot meet a trial with a large difference from citrate and one
  with none. No ranking of salts beyond "oxide dissolves worse" should be read from the model.
- **Urine on citrate with meals** lies just below the measured interval; between meals it lies inside.
- **Kidney disease.** The shape is tuned, the rise on oxide is a third of the one reported, and real groups
  are much wider. Below eGFR 30 the model is an illustration.

### Also known

- The time to plateau is disputed: a meta-regression across trials puts it at 20 to 40 weeks (SUP04), one
  trial has the urine response within a month (SP059); the model makes 90 % of the change in a week and the
  rest over months as bone fills.
- The low end of one day's urine (1.3 mmol) and the wide spread of clearance after 2 g (2.1 to 17 L/h) are not
  reached by the spread of simulated people.
- An intravenous load wants more excretion (90 %, IV18) and less (kept 18 % more than given, IV20) at once; no
  setting meets both.
- CSF: a study with a rise (BR001) and two with none (BR009, BR020) cannot be met by one constant; the spread
  of `csf.k` carries that.
- Muscle, red cells and bone are not identified by plasma and urine: an illustration, not a prediction.
- **The brain.** No human CSF or brain measurement exists for magnesium L-threonate. The one measurement after
  oral magnesium (lactate, one month) found no change; the model gives less than could have been seen. The
  THREONATE prediction rests on second-hand readings of one rat figure.
"""


SMALLEST = 5e-4
"""Below this a value is the solver's and is written as 0."""


def line(row: Row) -> str:
    note = f"; {row.note}" if row.note else ""
    cells = (row.scenario, row.quantity, _digits(row), _measured(row), row.role, _outcome(row) + note, row.sources)
    return f"| {' | '.join(cells)} |"


def _digits(row: Row) -> str:
    value = row.value()
    return "0" if abs(value) < SMALLEST else f"{value:.3g}"


def _measured(row: Row) -> str:
    if np.isnan(row.low):
        return "none"
    return f"{row.low:.4g}" if row.low == row.high else f"{row.low:.4g} to {row.high:.4g}"


def _outcome(row: Row) -> str:
    if np.isnan(row.low):
        return "prediction"
    return "inside" if row.meets else "**missed**"


def tally(all_rows: Sequence[Row]) -> str:
    """How many lines there are of each kind."""
    compared = [row for row in all_rows if not np.isnan(row.low)]
    parts = []
    for role in ("V", "T"):
        of_role = [row for row in compared if row.role == role]
        inside = sum(row.meets for row in of_role)
        parts.append(f"{inside} of {len(of_role)} comparisons ({role}) lie inside")
    return f"**{parts[0]}; {parts[1]}.** Predictions without data: {len(all_rows) - len(compared)}.\n"


def section(chapter: Chapter) -> str:
    told = f"\n{_filled(chapter.meaning)}\n" if chapter.meaning else ""
    return f"\n### {chapter.title}\n\n{COLUMNS}" + "\n".join(line(row) for row in chapter.rows) + "\n" + told


def _filled(text: str) -> str:
    return textwrap.fill(text, 118, break_on_hyphens=False)


def text() -> str:
    body, found = rows(), chapters()
    everything = [*body, *(row for chapter in found for row in chapter.rows)]
    parts = [HEAD, tally(everything), BODY, COLUMNS, "\n".join(line(row) for row in body), "\n", TAIL, RESPONSES]
    return "".join(parts + [section(chapter) for chapter in found])


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
