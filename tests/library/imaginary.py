"""An imaginary response: one folder put on a copy of the shelf. Nothing in it is about anybody."""

from __future__ import annotations

import shutil
from pathlib import Path

from threonate.evidence import library_folder

HEADER = (
    "symbol,value,unit,low,high,between_sd,uncertainty_sd,distribution,weight_power,basis,source,locator,species,note"
)
TEXT = """// Glow. An imaginary score that falls on placebo, and further with magnesium where a link is on.
model Glow(occupancy, status_gate, treatment_time, Mg_csf_relative, sex_female)
  const start;              start has points;
  const fall;               fall has fraction;
  const k;                  k has per_day;
  const hours_per_day;      hours_per_day has h_per_day;
  const size;               size has points;
  const dream;              dream has points;
  const urine_on;           urine_on has fraction;
  const brain_on;           brain_on has fraction;

  var placebo;                                                        placebo has points;
  placebo := start * (1 - fall * (1 - exp(-k * treatment_time / hours_per_day)));

  // The effect follows the exposure with the same delay.
  var effect;                                                         effect has points;
  effect = 0;
  effect' = k / hours_per_day * (urine_on * size * occupancy + brain_on * dream * (Mg_csf_relative - 1) - effect);
  var score;                                                          score has points;
  score := placebo + effect;

  // A lamp that is lit and goes out by itself, to have a state event.
  var oil;                                                            oil has fraction;
  var lit;                                                            lit has fraction;
  oil = 0.5; lit = 1;
  oil' = (1 - 2 * lit) * k / hours_per_day;
  empty: at (oil < 0.25): lit = 0;
  full: at (oil > 0.75): lit = 1;
end
"""
ROWS = """start,20,points,,,0.1,0,lognormal,0,assumed,threonate_project,,human,Imaginary.
fall,0.3,fraction,,,0,0,fixed,0,assumed,threonate_project,,human,Imaginary.
k,0.1,per_day,,,0,0,fixed,0,assumed,threonate_project,,human,Imaginary.
hours_per_day,24,h_per_day,,,0,0,fixed,0,derived,threonate_project,,human,A definition.
size,-2,points,,,0,0.5,normal,0,assumed,threonate_project,,human,Imaginary.
dream,-50,points,,,0,0,fixed,0,assumed,threonate_project,,human,Imaginary.
urine_on,1,fraction,,,0,0,fixed,0,input,,,human,Switch of the link urine_to_glow.
brain_on,0,fraction,,,0,0,fixed,0,input,,,human,Switch of the link brain_to_glow.
"""
FRONT = """title = "Imaginary glow"
plain = "A score that nobody has."
species = ["human"]
needs = []
"""
ENDPOINT = """title = "Glow score"
symbol = "glow.score"
unit = "points"
kind = "mean"
grade = "C"
path = ["dose_to_plasma", "urine_to_glow", "brain_to_glow"]
brain = false
sources = ["threonate_project"]
note = "Imaginary."
placebo = "glow.placebo"
noise_sd = 1.5
noise_source = "threonate_project"
benefit = "lower"
standard_sd = 5.0
illustration = true
smallest_important.value = 2.0
smallest_important.unit = "points"
smallest_important.direction = "improvement"
smallest_important.source = "threonate_project"
smallest_important.locator = "MRS27"
smallest_important.note = "Imaginary."
"""
LINK = """title = "{title}"
start = "{start}"
end = "glow.score"
grade = "{grade}"
modifiers = []
default_on = {on}
hypotheses = {hypotheses}
switch = "glow.{switch}"
priors = ["glow.{prior}"]
sources_for = ["threonate_project"]
sources_against = []
note = "Imaginary."
"""
CASES = """[[cases]]
title = "Nothing is gained at the start"
given = { }
expect = { glow_score = 20 }
arithmetic = "20 x 1"
"""


def shelf_with_glow(folder: Path, *, events: bool = True) -> Path:
    """A copy of the shelf that offers one response, and the support it reads; a folder is all that is added."""
    ignore = shutil.ignore_patterns("responses", "claims")
    root = Path(shutil.copytree(library_folder(), folder / "library", ignore=ignore))
    for name in ("clock", "exposure"):
        shutil.copytree(library_folder() / "responses" / name, root / "responses" / name)
    home = root / "responses" / "glow"
    (home / "endpoints").mkdir(parents=True)
    (home / "links").mkdir()
    text = TEXT if events else "\n".join(line for line in TEXT.splitlines() if ": at (" not in line)
    urine = LINK.format(
        title="Exposure lowers the glow", start="occupancy", grade="C", on="true",
        hypotheses='["null", "threonate"]', switch="urine_on", prior="size",
    )  # fmt: skip
    brain = LINK.format(
        title="Brain magnesium lowers the glow", start="Mg_csf_relative", grade="D", on="false",
        hypotheses='["threonate"]', switch="brain_on", prior="dream",
    )  # fmt: skip
    files = {
        "glow.ant": text,
        "parameters.csv": f"{HEADER}\n{ROWS}",
        "response.toml": FRONT,
        "cases.toml": CASES,
        "README.md": "# Glow\n\nImaginary.\n",
        "endpoints/glow_score.toml": ENDPOINT,
        "links/urine_to_glow.toml": urine,
        "links/brain_to_glow.toml": brain,
    }
    for name, content in files.items():
        (home / name).write_text(content, encoding="utf-8")
    return root
