"""How the documentation is built: Sphinx with MyST, everything from this folder, nothing from the network."""

import sys
import tomllib
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

RESPONSES = Path(__file__).resolve().parents[1] / "src" / "threonate" / "library" / "responses"
MARK = "<!-- responses of the shelf -->"
INCLUDE = """```{{include}} ../../src/threonate/library/responses/{name}/README.md
:heading-offset: 1
:relative-images:
```
"""


def response_sections() -> str:
    """Every folder of the shelf that holds a response: its page, its links with their grades, its endpoints."""
    names = sorted(path.parent.name for path in RESPONSES.glob("*/response.toml"))
    return "\n".join(INCLUDE.format(name=name) + _records(RESPONSES / name) for name in names)


def _records(folder: Path) -> str:
    links = [_read(path) for path in sorted((folder / "links").glob("*.toml"))]
    endpoints = [(path.stem, _read(path)) for path in sorted((folder / "endpoints").glob("*.toml"))]
    lines = [f"- link: {one['title']} (grade {one['grade']}, {'on' if one['default_on'] else 'off'})" for one in links]
    lines += [f"- endpoint `{name}`: {one['title']} [{one['unit']}]" for name, one in endpoints]
    return "\n".join([*lines, ""]) + "\n"


def _read(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _assemble(app: object, page: str, content: list[str]) -> None:
    content[0] = content[0].replace(MARK, response_sections()) if MARK in content[0] else content[0]


def setup(app) -> None:
    """Put the responses of the shelf into their page."""
    app.connect("source-read", _assemble)
