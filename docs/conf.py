"""How the documentation is built: Sphinx with MyST, everything from this folder, nothing from the network."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from threonate.version import VERSION

project = "threonate"
author = "the threonate authors"
copyright = "the threonate authors"
version = release = VERSION

extensions = ["myst_parser"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
suppress_warnings = ["toc.empty_glob"]

html_theme = "alabaster"
html_theme_options = {
    "description": "Magnesium in the body, from capsule to brain. Research and education, not medical advice.",
    "fixed_sidebar": True,
    "page_width": "70em",
}
html_show_sourcelink = False
mathjax_path = "mathjax.js"  # a page with formulas must bring this file; it may not come from elsewhere
