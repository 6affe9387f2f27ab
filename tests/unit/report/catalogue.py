"""A small shelf that the report tests read; the words are invented, the shapes are those of the real one."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib import resources
from typing import Any

from tests.compounds import compound
from threonate.evidence.records import Catalogue, Compound, Endpoint, GradeWord, Hypothesis, Limit, Link, Source

COMPOUNDS = {
    "l_threonate": ("Magnesium L-threonate", "C8H14MgO10", 294.495, 1, 72.0),
    "citrate": ("Magnesium citrate", "C12H10Mg3O14", 451.113, 3, None),
    "oxide": ("Magnesium oxide", "MgO", 40.304, 1, None),
    "glycinate": ("Magnesium bisglycinate", "C4H8MgN2O4", 172.423, 1, None),
    "sulfate_heptahydrate": ("Magnesium sulfate heptahydrate", "MgSO4.7H2O", 246.466, 1, None),
}
ENDPOINTS = {
    "Mg_plasma": ("Plasma magnesium, total", "mmol/L", "mean", "A"),
    "Mg_plasma_ionised": ("Plasma magnesium, ionised", "mmol/L", "mean", "C"),
    "Mg_urine_24h": ("Urinary magnesium", "mmol/d", "increase", "A"),
    "Mg_faeces_24h": ("Faecal magnesium", "mmol/d", "increase", "B"),
    "Mg_absorbed_24h": ("Net absorbed magnesium", "mmol/d", "increase", "B"),
    "fraction_absorbed": ("Share absorbed of what was swallowed", "1", "share", "B"),
    "FE_Mg": ("Fractional excretion", "1", "mean", "B"),
    "Mg_csf_relative": ("CSF magnesium, relative to baseline", "1", "mean", "B"),
    "Mg_brain_ecf_relative": ("Brain fluid magnesium, relative to baseline", "1", "mean", "B"),
    "Mg_muscle": ("Magnesium in muscle and soft tissue", "mmol", "end", "E"),
    "Mg_bone": ("Magnesium in bone", "mmol", "end", "E"),
    "Mg_red_cell": ("Magnesium in red cells", "mmol/L", "end", "E"),
    "threonate_plasma": ("Threonate in plasma, increment", "umol/L", "mean", "C"),
}
BRAIN_PATH = ("dose_to_plasma", "plasma_to_csf", "threonate_to_csf")


def make_catalogue(**changed: Any) -> Catalogue:
    """The shelf, with some of its tables replaced."""
    catalogue = Catalogue(
        ports="",
        modules={},
        parameters={},
        compounds={name: _compound(name) for name in COMPOUNDS},
        conditions={},
        populations={},
        hypotheses={
            "null": Hypothesis(
                "null", "NULL", "Only the regulated barrier acts; threonate does nothing of its own.", ("human",)
            ),
            "threonate": Hypothesis(
                "threonate", "THREONATE", "The slow action reported in rats also exists in people.", ("human",)
            ),
        },
        links={
            "dose_to_plasma": _link("dose_to_plasma", "Swallowed magnesium raises plasma", "A", ("null", "threonate")),
            "plasma_to_csf": _link(
                "plasma_to_csf", "Plasma magnesium raises CSF magnesium", "B", ("null", "threonate")
            ),
            "threonate_to_csf": _link("threonate_to_csf", "Threonate raises CSF magnesium", "D", ("threonate",)),
        },
        endpoints={name: _endpoint(name) for name in ENDPOINTS},
        limits={},
        sources={
            "fine_1991": Source(
                "fine_1991",
                "Fine KD et al. Intestinal absorption of magnesium from food and supplements. J Clin Invest 1991.",
                "article",
                "10.1172/JCI115317",
                "1864954",
                "primary-abstract",
                "Abstract read; the full text was not.",
            ),
            "slutsky_2010": Source(
                "slutsky_2010", "Slutsky I et al. Neuron 2010.", "article", "", "", "secondary", "Read second-hand."
            ),
        },
        grades=_grades(),
        schedules={},
        places={},
    )
    return replace(catalogue, **changed)


def make_limit(**changed: Any) -> Limit:
    limit = Limit(
        id="serum_reference",
        title="reference range of the survey",
        kind="serum",
        authority="survey",
        severity="note",
        low=0.71,
        high=0.93,
        unit="mmol/L",
        applies={"band": "reference"},
        message="",
        sources=(),
        note="",
    )
    return replace(limit, **changed)


def _compound(name: str) -> Compound:
    title, formula, molar_mass, atoms, label = COMPOUNDS[name]
    ions = {"counter_ion": "threonate", "counter_ions_per_formula": 2} if name == "l_threonate" else {}
    return compound(name, title, molar_mass, formula=formula, magnesium_atoms=atoms, label_mg_per_g=label, **ions)


def _endpoint(name: str) -> Endpoint:
    title, unit, kind, grade = ENDPOINTS[name]
    brain = name in ("Mg_csf_relative", "Mg_brain_ecf_relative")
    path = BRAIN_PATH if brain else ("dose_to_plasma",)
    smallest = 0.03 if name == "Mg_plasma_ionised" else 0.0
    return Endpoint(name, title, name, unit, kind, grade, path, brain, (), "", smallest)


def _link(name: str, title: str, grade: str, hypotheses: tuple[str, ...]) -> Link:
    note = "Reported in rats only; nobody measured it in people." if grade == "D" else ""
    return Link(name, title, "", "", grade, (), grade != "D", hypotheses, "", (), ("slutsky_2010",), (), note)


def _grades() -> dict[str, GradeWord]:
    text = (resources.files("threonate") / "library" / "grades.toml").read_text(encoding="utf-8")
    return {row["id"]: GradeWord(row["id"], row["word"], row["sentence"]) for row in tomllib.loads(text)["grades"]}
