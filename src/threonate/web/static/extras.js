// Under the form: measured data on or off, a larger run as a job, the share link, the report.

import { fresh, h, put } from "./dom.js";
import { JobStrip } from "./jobs.js";
import { fullQuery, fullScenario } from "./question.js";
import { addressOf, changeParams, state } from "./state.js";

function shareButton() {
  const told = h("span", { class: "small soft", role: "status" });
  const button = h("button", { type: "button", data: { act: "share" } }, "Copy link");
  button.addEventListener("click", async () => {
    const link = new URL(addressOf(), location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      told.textContent = "The link holds the whole scenario.";
    } catch {
      told.textContent = link;
    }
  });
  return [button, told];
}

function largeRun(page, kind, strip) {
  const people = h("input", { id: fresh("people"), inputmode: "numeric", value: "1000", class: "short" });
  const days = h("input", { id: fresh("days"), inputmode: "numeric", value: "84", class: "short" });
  const told = h("p", { class: "problem", role: "alert", hidden: true });
  const start = h("button", { type: "button", data: { act: "job" } }, "Start");
  start.addEventListener("click", async () => {
    told.hidden = true;
    const scenario = { ...fullScenario(page.catalogue), subjects: people.value.trim(), days: days.value.trim() };
    try {
      await strip.start(kind, scenario);
    } catch (error) {
      told.hidden = false;
      told.textContent = error.problems?.map((one) => one.reason).join(" ") || error.message;
    }
  });
  return h("details", { class: "more" }, h("summary", null, "Many people, many weeks"),
    h("p", { class: "small soft" }, "A run too long for dragging: it works in the background, may be cancelled, and is found again after a reload."),
    h("div", { class: "two" }, h("div", { class: "field" }, h("label", { for: people.id }, "People"), people), h("div", { class: "field" }, h("label", { for: days.id }, "Days"), days)), start, told);
}

/** Fill the lower end of the form for one view; `show(result)` draws what a job brings. */
export function fillExtras(page, kind, show, { measured = true, jobs = true } = {}) {
  const strip = new JobStrip(show);
  const data = h("input", { type: "checkbox", name: "measured" });
  data.addEventListener("change", () => changeParams({ data: data.checked ? "on" : null }));
  const report = h("a", { class: "button", data: { act: "report" } }, "One-file report");
  put(page.form.extra, measured ? h("label", { class: "check measured" }, data, "Show measurements in people over the simulation") : null,
    jobs ? [largeRun(page, kind, strip), strip.node] : null, h("div", { class: "row share" }, shareButton(), report));
  const update = () => {
    data.checked = Boolean(state.params.data);
    report.href = `api/report?${fullQuery(page.catalogue)}`;
    if (jobs) strip.resume();
  };
  update();
  return { update, strip, stop: () => put(page.form.extra) };
}
