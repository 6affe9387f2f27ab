"""Work-precision diagrams: what each solver takes for the error that it makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from benchmarks.peers import roadrunner

_STYLES = {
    "threonate dop853": ("#38761d", "o", "-"),
    "threonate rodas5p": ("#0b5394", "o", "-"),
    "threonate rodas4p": ("#6fa8dc", "s", "-"),
    roadrunner.FASTEST: ("#b45f06", "^", "--"),
    roadrunner.AS_IT_COMES: ("#e69138", ">", ":"),
    "AMICI": ("#c2185b", "<", "--"),
    "COPASI": ("#666666", "D", "none"),
    "diffrax": ("#6a3d9a", "v", "none"),
}


def draw_work_precision(rows: list[dict[str, Any]], model: str, path: Path) -> None:
    """One diagram, as SVG without a date, so that equal figures give equal files."""
    with plt.rc_context({"svg.hashsalt": model, "svg.fonttype": "none", "font.size": 10}):
        figure, axes = plt.subplots(figsize=(6.4, 5.2), layout="constrained")
        for name, (colour, marker, line) in _STYLES.items():
            mine = [row for row in rows if row["model"] == model and row["engine"].startswith(name)]
            mine = sorted((row for row in mine if row["max_rel_error"] < 1.0), key=lambda row: row["rtol"])
            if mine:
                errors = [row["max_rel_error"] for row in mine]
                speeds = [row["subjects_per_cpu_s"] for row in mine]
                axes.loglog(errors, speeds, color=colour, marker=marker, linestyle=line, label=mine[0]["engine"])
                for error, speed, row in zip(errors, speeds, mine, strict=True):
                    text = f"{row['rtol']:.0e}".replace("e-0", "e-")
                    axes.annotate(text, (error, speed), (0, 5), textcoords="offset points", fontsize=6, color=colour)
        axes.set_xlabel("largest relative error of any observable at any time")
        axes.set_ylabel("subjects per second of one core")
        axes.set_title(f"{model}: up and left is better; small figures are tolerances", fontsize=10)
        axes.grid(visible=True, which="major", alpha=0.3)
        figure.legend(loc="outside lower center", ncols=2, fontsize=8, frameon=False)
        figure.savefig(path, format="svg", metadata={"Date": None})
        plt.close(figure)
