"""How long a press of a slider takes to be seen: python -m tests.browser.latency."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from tests.browser.chromium import Watched, browser, served

MEDIAN_MS, P90_MS = 100.0, 200.0
"""What the page promises, with a band of 200 subjects."""
PAUSE_MS = 250
SERVER_MS = """() => performance.getEntriesByType('resource')
  .filter((one) => one.name.includes('api/simulate')).slice(-20).map((one) => one.duration)"""
COUNT_FLIGHTS = """() => {
  performance.clearMarks("drawn");
  window.presses = [];
  window.flights = { now: 0, most: 0 };
  if (window.counting) return;
  window.counting = true;
  const real = window.fetch;
  window.fetch = async (...given) => {
    const counted = String(given[0]).startsWith("api/simulate");
    if (counted) { flights.now += 1; flights.most = Math.max(flights.most, flights.now); }
    try { return await real(...given); } finally { if (counted) flights.now -= 1; }
  };
  document.addEventListener("keydown", (event) => presses.push(event.timeStamp), true);
}"""

UNTIL_SETTLED = """() => new Promise((done) => {
  const main = document.querySelector("main");
  const wanted = `compound_mg=${document.querySelector("[data-slider=dose]").value}&`;
  const watcher = new MutationObserver(look);
  function look() {
    if (!main.dataset.drawn?.includes(wanted) || main.dataset.settled !== "true") return;
    watcher.disconnect();
    done();
  }
  watcher.observe(main, { attributes: true });
  look();
})"""
"""Nobody asks again and again meanwhile: that would take time from the page."""


@dataclass(frozen=True)
class Timed:
    """Milliseconds from a key going down to the answer being drawn."""

    each_ms: tuple[float, ...]
    last_value: str
    most_in_flight: int

    @property
    def median_ms(self) -> float:
        return statistics.median(self.each_ms)

    @property
    def p90_ms(self) -> float:
        return statistics.quantiles(self.each_ms, n=10)[-1]


def keydown_to_drawn(watched: Watched, presses: int, pause_ms: int = 0, key: str = "ArrowRight") -> Timed:
    """Press the arrow of the dose slider and wait for the drawing, again and again.

    pause_ms    how long the answer is looked at before the next press
    """
    page = watched.page
    page.evaluate(COUNT_FLIGHTS)
    slider = page.locator("[data-slider=dose]")
    slider.focus()
    for _ in range(presses):
        page.keyboard.press(key)
        page.evaluate(UNTIL_SETTLED)
        page.wait_for_timeout(pause_ms)
    down, drawn = page.evaluate("() => [presses, performance.getEntriesByName('drawn').map((one) => one.startTime)]")
    waits = [min(at for at in drawn if at >= press) - press for press in down]
    return Timed(tuple(waits), slider.input_value(), page.evaluate("() => flights.most"))


def main() -> None:
    with served() as base, browser() as running:
        page = running.new_context(viewport={"width": 1440, "height": 900}).new_page()  # nobody looks at its requests
        for pause_ms, key in (
            (PAUSE_MS, "ArrowRight"),
            (0, "ArrowLeft"),
        ):  # the other way, for kept answers do not count
            watched = Watched(page, base).open()
            keydown_to_drawn(watched, presses=5, key=key)
            timed = keydown_to_drawn(watched, presses=20, pause_ms=pause_ms, key=key)
            parts = watched.evaluate(SERVER_MS)
            print(f"keydown to drawn, 20 presses, 200 subjects, {pause_ms} ms after the answer before:")
            print(f"  median {timed.median_ms:.0f} ms, p90 {timed.p90_ms:.0f} ms")
            print(f"  of which the server and the way to it: median {statistics.median(parts):.0f} ms")
            print("  each [ms]: " + ", ".join(f"{one:.0f}" for one in timed.each_ms))
    print(f"promised: median {MEDIAN_MS:.0f} ms, p90 {P90_MS:.0f} ms")


if __name__ == "__main__":
    main()
