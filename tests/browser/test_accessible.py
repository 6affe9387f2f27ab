"""Everybody can use it: automatic rules on every view, the whole way by keyboard, narrow screens, paper."""

import pytest

from tests.browser.chromium import AXE, VIEWS

RUN_AXE = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  const places = (one) => one.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(", ");
  return found.violations.map((one) => `${one.id}: ${one.help} (${places(one)})`);
}"""

UNFOLD = "() => [...document.querySelectorAll('main details')].slice(0, 12).forEach((one) => { one.open = true; })"


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_axe_is_broken_on_any_view(fresh, width, scheme):
    wrong = {}
    page = fresh(width, scheme, reduced_motion="reduce")
    page.page.add_init_script(path=AXE)
    for view in VIEWS:
        page.open(view=view)
        page.evaluate(UNFOLD)
        found = page.evaluate(RUN_AXE)
        if found:
            wrong[view] = found

    assert wrong == {}


STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const box = one.getBoundingClientRect();
  const group = one.type === "radio" ? document.querySelectorAll(`input[type=radio][name="${one.name}"]`) : [one];
  for (const each of group) each.dataset.walked = "yes";
  return { name: one.dataset.view ?? one.name ?? one.id ?? "", seen: box.width > 0 && box.height > 0,
           ringed: one.matches(":focus-visible"), outside: box.right < 0 || box.left > innerWidth };
}"""
MISSED = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((one) => !one.disabled && !one.dataset.walked && one.checkVisibility({ visibilityProperty: true }))
  .map((one) => one.outerHTML.slice(0, 80))"""
MOST_STOPS = 1500


def walk(page):
    """Press Tab from the top to the end of the document: every stop, in order."""
    page.evaluate("() => { document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0); }")
    stops = []
    for _ in range(MOST_STOPS):
        page.page.keyboard.press("Tab")
        at = page.evaluate(STOP)
        if at is None:
            return stops
        stops.append(at)
    raise AssertionError(f"more than {MOST_STOPS} stops: is the focus caught?")


@pytest.mark.parametrize("view", VIEWS)
def test_every_control_of_every_view_is_reached_by_keyboard_and_seen_there(fresh, view):
    page = fresh(reduced_motion="reduce").open(view=view)
    stops = walk(page)

    assert [one["name"] for one in stops if not (one["seen"] and one["ringed"]) or one["outside"]] == []
    assert page.evaluate(MISSED) == []
    assert {*VIEWS} <= {one["name"] for one in stops}


def test_the_form_is_walked_from_the_views_on(seen):
    seen.open()
    trail = [one["name"] for one in walk(seen)]

    assert {"dose", "days", "age", "egfr", "compound", "meals", "sex"} <= set(trail)
    assert trail.index("explore") < trail.index("dose")


def test_a_radio_and_a_view_work_from_the_keyboard(seen):
    seen.open()
    seen.page.locator("input[name=meals][value=between]").focus()
    seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_selector("main[data-drawn*='meals=with']")
    seen.page.locator("a[data-view=glossary]").focus()
    seen.page.keyboard.press("Enter")
    seen.page.get_by_role("heading", name="Glossary").wait_for()

    assert "meals=with" in seen.page.url


def test_narrow_screens_never_scroll_sideways(fresh):
    page = fresh(390)
    for view in VIEWS:
        page.open(view=view)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, view


def test_paper_shows_results_without_controls(seen):
    seen.open()
    seen.page.emulate_media(media="print")

    assert not seen.page.locator("form.panel").is_visible()
    assert not seen.page.locator("nav.views").is_visible()
    assert seen.page.locator("#figure-plasma").is_visible()
    assert seen.page.locator(".notice").is_visible()


def test_dark_mode_follows_the_system_and_the_button(fresh):
    colour = "() => getComputedStyle(document.body).backgroundColor"
    page = fresh(scheme="dark").open()
    dark = page.evaluate(colour)
    page.page.locator("#scheme").click()
    light = page.evaluate(colour)

    assert page.page.locator("#scheme").inner_text() == "Light"
    assert dark != light
    assert max(int(part) for part in dark[4:-1].split(",")) < 60 < min(int(part) for part in light[4:-1].split(","))
