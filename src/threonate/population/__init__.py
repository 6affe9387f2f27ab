"""Who is simulated: covariates, cohorts and what each subject's parameters are."""

from threonate.population.cohort import (
    Cohort,
    CohortDraw,
    CovariateChoice,
    draw_cohort,
    draw_subjects,
    drawn_deviation,
    drawn_share,
)
from threonate.population.individual import IndividualTable, individual_parameters

__all__ = [
    "Cohort",
    "CohortDraw",
    "CovariateChoice",
    "IndividualTable",
    "draw_cohort",
    "draw_subjects",
    "drawn_deviation",
    "drawn_share",
    "individual_parameters",
]
