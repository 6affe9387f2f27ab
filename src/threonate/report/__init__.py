"""Tables, figures and one self-contained page of a finished run."""

from threonate.report.results_folder import write_results
from threonate.report.whole import summarise

__all__ = ["summarise", "write_results"]
