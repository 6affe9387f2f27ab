"""Pictures of every view for the documentation: python -m tests.browser.screenshots [FOLDER]."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.browser.chromium import ROOT, VIEWS, Watched, browser, served, watched_page

FOLDER = ROOT / "docs" / "explanation" / "pictures"
QUESTIONS = {"responses": ("age=68", "response=synapse"), "explore": ("", ""), "claims": ("", "")}
TALL = {390: 1500, 1440: 1150}


def prepare(watched: Watched, view: str) -> None:
    """Bring a view to what its picture should show."""
    query, own = QUESTIONS.get(view, ("", ""))
    watched.open(query, view, own)
    if view == "claims":
        watched.page.get_by_role("button", name="Use an example").click()
        watched.page.get_by_role("button", name="Read it against the ledger").click()
        watched.page.locator(".annotated button.said").first.click()
    watched.page.wait_for_timeout(700)


def smaller(picture: bytes, path: Path) -> None:
    """Save with a palette: drawings need few colours."""
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(picture)) as image:
        image.convert("RGB").quantize(160, dither=Image.Dither.NONE).save(path, optimize=True)


def take(running: Any, base: str, folder: Path, width: int, scheme: str) -> None:
    """Every view at one width in one colour scheme."""
    size = {"width": width, "height": TALL[width]}
    context = running.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    watched = watched_page(context, base)
    for view in VIEWS:
        prepare(watched, view)
        name = f"{view}-{'mobile' if width < 600 else 'wide'}-{scheme}.png"
        smaller(watched.page.screenshot(), folder / name)
        print(folder / name)
    context.close()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with served() as base, browser() as running:
        for width, scheme in ((1440, "light"), (1440, "dark"), (390, "light")):
            take(running, base, folder, width, scheme)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
