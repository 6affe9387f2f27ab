// What the model is for, what it is not for, how good it is; and the words it uses.

import { once } from "../api.js";
import { fresh, h, put } from "../dom.js";
import { gradeChip } from "../figure.js";

function item(one) {
  if (typeof one === "string") return h("li", null, one);
  return h("li", null, one.title ? h("b", null, `${one.title}: `) : null, one.text ?? one.sentence ?? one.value ?? "");
}

function failureRow(one) {
  if (typeof one === "string") return h("li", null, one);
  const said = one.title ?? one.what ?? one.id;
  return h("li", null, h("b", null, `${said}. `), one.text ?? one.message ?? one.sentence ?? one.plain ?? "");
}

export function mountAbout(root, page) {
  const out = h("div", { class: "page stack" }, h("h1", { tabindex: "-1" }, "About the model"));
  put(root, out);
  const ask = () => once("about").then((about) => {
    page.alive();
    put(out, h("h1", { tabindex: "-1" }, "About the model"), about.title && about.title !== "About the model" ? h("p", { class: "lead" }, about.title) : null,
      about.sections.map((one) => h("section", { id: `about-${one.id}`, class: "prose" }, h("h2", null, one.title), (one.paragraphs ?? []).map((text) => h("p", null, text)), one.items?.length ? h("ul", null, one.items.map(item)) : null)),
      about.failures?.length ? h("section", { class: "prose" }, h("h2", null, "Where it is known to fail"), h("ul", null, about.failures.map(failureRow))) : null,
      h("section", { class: "prose" }, h("h2", null, "What the grades mean"), h("dl", { class: "grades" }, about.grades.map((one) => [h("dt", null, gradeChip(one)), h("dd", null, one.sentence)]))));
    root.dataset.drawn = "about";
  }, (error) => page.trouble(error, root));
  ask();
  return { again: ask };
}

export function mountGlossary(root, page) {
  const find = h("input", { id: fresh("find"), type: "search", placeholder: "elemental, hypothesis, band …" });
  const list = h("dl", { class: "glossary" });
  put(root, h("div", { class: "page stack" }, h("h1", { tabindex: "-1" }, "Glossary"), h("p", { class: "lead" }, "The words of this page, in plain English."), h("div", { class: "field" }, h("label", { for: find.id }, "Find a word"), find), list));
  let terms = [];
  const draw = () => {
    const wanted = terms.filter((one) => `${one.term} ${one.meaning}`.toLowerCase().includes(find.value.toLowerCase()));
    put(list, wanted.length ? wanted.map((one) => h("div", { id: `term-${one.id}` }, h("dt", null, one.term), h("dd", null, one.meaning))) : h("div", null, h("dt", null, "Nothing found"), h("dd", null, "Try a shorter word.")));
    root.dataset.drawn = find.value;
  };
  find.addEventListener("input", draw);
  const ask = () => once("glossary").then((got) => {
    page.alive();
    terms = [...got.terms].sort((one, two) => one.term.localeCompare(two.term, "en"));
    draw();
  }, (error) => page.trouble(error, root));
  ask();
  return { again: ask };
}
