// The same question from a program: calls to copy, made from the scenario in the address.

import { h, put } from "../dom.js";
import { fullQuery, fullScenario } from "../question.js";

const ROUTES = [
  ["GET", "api/simulate", "one scenario: figures, sentences, safety, provenance"], ["GET", "api/compare", "two to four regimens in the same people"],
  ["GET", "api/body_map", "amounts in every place, day by day"], ["GET", "api/responses", "endpoints against placebo, with links and grades"],
  ["GET", "api/claims", "the ledger and its verdicts"], ["POST", "api/audit", "a text, sentence by sentence"], ["GET", "api/library/parameters", "every number with its source; nine more kinds"],
  ["GET", "api/catalogue", "fields, compounds, conditions, presets"], ["GET", "api/export.csv", "one figure as a file; also parquet, svg, pdf"], ["GET", "api/report", "one self-contained HTML page"], ["POST", "api/jobs", "a long run, with progress and cancel"],
];

function python(page) {
  const words = Object.entries(fullScenario(page.catalogue)).map(([name, value]) => {
    const info = page.catalogue.byName.get(name);
    const text = String(value);
    if (info?.type === "yes/no") return `${name}=${["true", "on", "1"].includes(text.toLowerCase()) ? "True" : "False"}`;
    if (info?.type === "words") return `${name}=(${text.split(",").map((one) => `${JSON.stringify(one)},`).join(" ")})`;
    return info?.type === "number" || info?.type === "integer" ? `${name}=${text}` : `${name}=${JSON.stringify(text)}`;
  });
  return `import threonate as th\n\nscenario = th.Scenario(\n    ${words.join(",\n    ")},\n)\nresult = th.simulate(scenario)\nprint(result.arms[0].daily)`;
}

function block(title, text, name) {
  const told = h("span", { class: "small soft", role: "status" });
  const button = h("button", { type: "button", "aria-label": `Copy: ${title}`, on: { click: async () => {
    try {
      await navigator.clipboard.writeText(text);
      told.textContent = "Copied.";
    } catch {
      told.textContent = "Select the text and copy it.";
    }
  } } }, "Copy");
  return h("section", { class: "card-like" }, h("div", { class: "row spread" }, h("h2", null, title), h("div", { class: "row" }, told, button)), h("pre", { tabindex: "0", data: { call: name } }, h("code", null, text)));
}

export function mountApi(root, page) {
  const draw = () => {
    const address = new URL(`api/simulate?${fullQuery(page.catalogue)}`, location.href.split("#")[0].split("?")[0]).href;
    put(root, h("div", { class: "page stack" }, h("h1", { tabindex: "-1" }, "API"), h("p", { class: "lead" }, "Everything this page shows comes from one typed interface on this machine. These calls repeat the scenario in the address."),
      block("curl", `curl -s '${address}'`, "curl"), block("Python", python(page), "python"),
      h("section", { class: "card-like" }, h("h2", null, "Routes"), h("div", { class: "scroll tall", tabindex: "0", role: "region", "aria-label": "Routes" }, h("table", null, h("thead", null, h("tr", null, ["verb", "address", "answers"].map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", null, ROUTES.map(([verb, path, what]) => h("tr", null, h("td", { class: "mono" }, verb), h("th", { scope: "row", class: "mono" }, path), h("td", null, what))))))),
      h("p", null, h("a", { href: "api/reference" }, "The full reference"), " · ", h("a", { href: "api/openapi.json" }, "OpenAPI description"))));
    root.dataset.drawn = "api";
  };
  draw();
  return { update: draw };
}
