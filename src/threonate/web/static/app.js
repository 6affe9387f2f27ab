// The one page: views, banner, footer. Nothing here knows magnesium.

import { once, Refused, Unreachable } from "./api.js";
import { h, put, putNew } from "./dom.js";
import { fillExtras } from "./extras.js";
import { ScenarioForm } from "./form.js";
import { redrawAll } from "./lines.js";
import { addressOf, listen, readAddress, settleAddress, state } from "./state.js";

const VIEWS = {
  explore: ["Explore", () => import("./views/explore.js").then((all) => all.mountExplore)],
  compare: ["Compare", () => import("./views/compare.js").then((all) => all.mountCompare)],
  body: ["Body map", () => import("./views/body_map.js").then((all) => all.mountBody)],
  responses: ["Responses", () => import("./views/responses.js").then((all) => all.mountResponses)],
  claims: ["Claims", () => import("./views/claims.js").then((all) => all.mountClaims)],
  library: ["Library", () => import("./views/library.js").then((all) => all.mountLibrary)],
  about: ["About the model", () => import("./views/about.js").then((all) => all.mountAbout)],
  glossary: ["Glossary", () => import("./views/about.js").then((all) => all.mountGlossary)],
  api: ["API", () => import("./views/api_page.js").then((all) => all.mountApi)],
};
const $ = (id) => document.getElementById(id);
const page = { catalogue: null, form: null };
let mounted = null;
let mountedView = "";
let turn = 0;

page.extras = (kind, show, options) => fillExtras(page, kind, show, options);
page.redraw = () => mounted?.redraw?.();

/** The server answers again. */
page.alive = () => {
  $("banner").hidden = true;
  $("main").classList.remove("stale");
};

/** Something was refused, or nobody answers: say so, keep the old figures, dim them. */
page.trouble = (error, node) => {
  $("main").classList.add("stale");
  if (error instanceof Unreachable) {
    put($("banner"), "The server does not answer. What you see is the last answer, not the present question. ", h("button", { type: "button", on: { click: () => mounted?.again?.() } }, "Try again"));
    $("banner").hidden = false;
    setTimeout(() => !$("banner").hidden && mounted?.again?.(), 4000);
    return;
  }
  $("banner").hidden = true;
  const problems = error instanceof Refused && error.problems.length ? error.problems : [{ field: "", reason: error.message }];
  page.form.complain(problems);
  if (!(error instanceof Refused)) throw error;
  node?.setAttribute("data-refused", error.kind);
};

/** Where the numbers come from; in every file as well. */
page.provenance = (provenance) => {
  const names = { version: "Version", library_hash: "Model", parameter_hash: "Parameters", scenario_hash: "Scenario", result_hash: "Result", seed: "Seed", tolerance: "Solver", command: "Repeat it with" };
  const shown = Object.entries(names).filter(([id]) => provenance?.[id]);
  const text = (id) => (id.endsWith("_hash") ? String(provenance[id]).slice(0, 12) : String(provenance[id]));
  const places = putNew($("provenance"), shown, () => shown.map(([id, name]) => h("div", { data: { provenance: id } }, h("dt", null, name), h("dd")))).querySelectorAll("dd");
  shown.forEach(([id], i) => {
    if (places[i].title === String(provenance[id])) return;
    places[i].title = String(provenance[id]);
    places[i].textContent = text(id);
  });
};

function navigation() {
  put($("views"), Object.entries(VIEWS).map(([id, [title]]) => h("a", { "aria-current": id === state.view ? "page" : null, data: { view: id } }, title)));
  address();
  showCurrent();
}

/** Links to the views carry the present scenario. */
function address() {
  for (const link of $("views").children) {
    const { view } = link.dataset;
    link.setAttribute("href", addressOf(view, state.view === view ? state.params : {}));
  }
}

/** On a narrow screen the views are one row: bring the present one into it. */
function showCurrent() {
  const row = $("views");
  const current = row.querySelector("[aria-current]");
  if (current && row.scrollWidth > row.clientWidth) row.scrollLeft = current.offsetLeft - row.offsetLeft - row.clientWidth / 3;
}

/** Links within the page keep the scenario and change only the hash. */
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  settleAddress();
  const target = new URL(link.href, location.href);
  const inside = target.origin === location.origin && target.pathname === location.pathname && target.hash.startsWith("#/") && !link.target;
  if (!inside) return;
  event.preventDefault();
  if (target.href !== location.href) history.pushState(null, "", target.search === "" && link.getAttribute("href").startsWith("#") ? `${location.search || location.pathname}${target.hash}` : target.href);
  readAddress();
  arrive("all", true);
});

async function arrive(what, walked = false) {
  const view = VIEWS[state.view] ? state.view : "explore";
  if (view === mountedView) {
    mounted?.update?.(what);
    address();
    return;
  }
  navigation();
  turn += 1;
  const mine = turn;
  mounted?.stop?.();
  mountedView = view;
  mounted = null;
  const mount = await VIEWS[view][1]();
  if (mine !== turn) return;
  const root = $("main");
  root.className = `view-${view}`;
  for (const name of ["drawn", "settled", "hash"]) delete root.dataset[name];
  $("banner").hidden = true;
  document.title = `${VIEWS[view][0]} · threonate`;
  put(root);
  mounted = mount(root, page) ?? {};
  if (walked) {
    scrollTo(0, 0);
    root.focus({ preventScroll: true });
  }
}

function schemes() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = $("scheme");
  const apply = () => {
    const chosen = localStorage.getItem("scheme") ?? "system";
    const night = !matchMedia("print").matches && (chosen === "dark" || (chosen === "system" && dark.matches));
    document.documentElement.classList.toggle("dark", night);
    button.textContent = { system: "Auto", light: "Light", dark: "Dark" }[chosen];
    button.setAttribute("aria-label", `Colours: ${button.textContent}. Press to change.`);
    redrawAll();
    mounted?.redraw?.();
  };
  button.addEventListener("click", () => {
    const order = ["system", "light", "dark"];
    localStorage.setItem("scheme", order[(order.indexOf(localStorage.getItem("scheme") ?? "system") + 1) % 3]);
    apply();
  });
  dark.addEventListener("change", apply);
  addEventListener("beforeprint", () => { document.documentElement.classList.remove("dark"); redrawAll(); });
  addEventListener("afterprint", apply);
  apply();
}

async function start() {
  readAddress();
  schemes();
  $("undo").addEventListener("click", () => { settleAddress(); history.back(); });
  try {
    page.catalogue = await once("catalogue");
  } catch (error) {
    put($("banner"), `${error.message} `, h("button", { type: "button", on: { click: () => location.reload() } }, "Try again"));
    $("banner").hidden = false;
    return;
  }
  page.catalogue.start = Object.fromEntries(new URLSearchParams(page.catalogue.start_query));
  page.catalogue.byName = new Map(page.catalogue.fields.map((one) => [one.name, one]));
  page.form = new ScenarioForm(page.catalogue);
  page.provenance({ version: page.catalogue.version, library_hash: page.catalogue.library_hash });
  listen((what) => arrive(what));
  await arrive("all");
}

start();
