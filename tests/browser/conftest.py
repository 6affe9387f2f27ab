from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from tests.browser import chromium

DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def running() -> Iterator[Any]:
    if chromium.chromium_path() is None:
        pytest.skip("no chromium on this machine: apt-get install chromium, or name it in CHROMIUM")
    if find_spec("playwright") is None:
        pytest.skip("playwright is not installed: it stands in requirements-all.lock")
    with chromium.browser() as found:
        yield found


@pytest.fixture(scope="session")
def address(running: Any) -> Iterator[str]:
    """A warm server: the first answer of a cold one compiles the body."""
    with chromium.served() as base:
        context = running.new_context(viewport=DESKTOP)
        chromium.watched_page(context, base).open()
        context.close()
        yield base


Opener = Callable[..., chromium.Watched]


@pytest.fixture
def fresh(running: Any, address: str) -> Iterator[Opener]:
    """Makes pages, each in a context of its own, of a width and a colour scheme."""
    contexts: list[Any] = []

    def make(width: int = 1440, scheme: str = "light", **more: Any) -> chromium.Watched:
        context = running.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
        contexts.append(context)
        return chromium.watched_page(context, address)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def seen(fresh: Opener) -> chromium.Watched:
    return fresh()
