"""Who is simulated: covariates, cohorts and what each subject's parameters are."""

from threonate.population.cohort import Cohort, CovariateChoice, draw_cohort
from threonate.population.individual import IndividualTable, individual_parameters

__all__ = ["Cohort", "CovariateChoice", "IndividualTable", "draw_cohort", "individual_parameters"]
