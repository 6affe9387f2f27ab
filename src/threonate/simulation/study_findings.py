"""What the safety rules say about a stored study."""

from __future__ import annotations

from pathlib import Path

from threonate.evidence import Catalogue
from threonate.safety import SafetyFinding
from threonate.simulation.findings import HIGH, LOW, Levels, findings_of
from threonate.simulation.run import settle
from threonate.simulation.study import Study

_LEVELS = f"""
with peaks as (select distinct arm, hypothesis, subject, Mg_plasma_peak from days),
     high as (select arm, hypothesis, quantile_cont(Mg_plasma_peak, {HIGH}) as high from peaks group by all),
     low as (select arm, hypothesis, quantile_cont(Mg_plasma, {LOW}) as low from days where day >= 0 group by all)
select arm, high, low from high join low using (arm, hypothesis) where hypothesis = '{{hypothesis}}'
"""


def study_findings(study: Study, catalogue: Catalogue, root: Path) -> tuple[SafetyFinding, ...]:
    """Findings for all arms, judged as those of a run in memory.

    Raises    ResultsError when nothing is stored yet
    """
    from threonate.store.query import query_study

    question = settle(study.scenarios, catalogue)
    rows = query_study(root, _LEVELS.format(hypothesis=question.hypotheses[0])).rows()
    levels = {arm: Levels(high, low) for arm, high, low in rows}
    named = zip(question.scenarios, question.names, strict=True)
    return findings_of([(scenario, levels.get(name, Levels())) for scenario, name in named], catalogue)
