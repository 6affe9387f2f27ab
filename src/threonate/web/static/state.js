// The address is the scenario: ?fields of the scenario, then #/view?what only the page needs.

const listeners = new Set();
const BURST_MS = 1000;
/** Browsers do much for every new address, and some refuse a hundred in half a minute: it waits until nothing moves. */
const STILL_MS = 120;
let lastChange = -Infinity;
let owed = null; // "pushState" or "replaceState" while the address is behind the scenario
let timer = 0;

export const state = { scenario: {}, view: "explore", params: {} };

/** Read the address. */
export function readAddress() {
  state.scenario = Object.fromEntries(new URLSearchParams(location.search));
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  state.view = path || "explore";
  state.params = Object.fromEntries(new URLSearchParams(query));
}

/** The scenario as a query, in an order of its own, so that equal questions are equal texts. */
export function scenarioQuery(scenario = state.scenario) {
  const kept = Object.entries(scenario).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  kept.sort(([one], [two]) => (one < two ? -1 : 1));
  return new URLSearchParams(kept).toString();
}

/** The address of a view; relative, so that any sub-path works. */
export function addressOf(view = state.view, params = state.params, scenario = state.scenario) {
  const query = scenarioQuery(scenario);
  const own = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== "" && value !== null));
  const hash = `#/${view}${[...own].length ? `?${own}` : ""}`;
  return `${query ? `?${query}` : location.pathname}${hash}`;
}

function owe(push) {
  owed = push || owed === "pushState" ? "pushState" : "replaceState";
}

/** The address says what the scenario is. */
export function settleAddress() {
  clearTimeout(timer);
  if (owed) history[owed](null, "", addressOf());
  owed = null;
}

function write(push) {
  owe(push);
  settleAddress();
}

function writeSoon(push) {
  owe(push);
  clearTimeout(timer);
  timer = setTimeout(settleAddress, STILL_MS);
}

/** Change fields of the scenario. One burst of input is one step back in the history. */
export function changeScenario(changes) {
  const now = performance.now();
  const push = now - lastChange > BURST_MS;
  lastChange = now;
  const next = { ...state.scenario };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") delete next[name];
    else next[name] = String(value);
  }
  state.scenario = next;
  tell("scenario");
  writeSoon(push);
}

/** Put another scenario in place of this one: a preset, a link. */
export function replaceScenario(scenario) {
  lastChange = -Infinity;
  state.scenario = { ...scenario };
  write(true);
  tell("all");
}

/** Change what only the page needs. */
export function changeParams(changes, { push = false, quiet = false } = {}) {
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") delete state.params[name];
    else state.params[name] = String(value);
  }
  write(push);
  if (!quiet) tell("params");
}

export function listen(act) {
  listeners.add(act);
  return () => listeners.delete(act);
}

function tell(what) {
  for (const act of [...listeners]) act(what);
}

window.addEventListener("pagehide", settleAddress);
window.addEventListener("popstate", () => {
  owed = null;
  lastChange = -Infinity;
  readAddress();
  tell("all");
});
