"""The command line: one file per verb; no arithmetic, and heavy libraries only inside the verbs."""

from threonate.cli.app import main, run_words

__all__ = ["main", "run_words"]
