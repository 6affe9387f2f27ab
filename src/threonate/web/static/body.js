// The organ picture: a still figure whose organs darken with what they hold.

import { h, put, s } from "./dom.js";
import { plain } from "./format.js";

const BODY = "M320 128C346 128 374 136 394 152C410 166 416 190 420 220L438 330C441 352 437 366 429 366C420 366 415 352 411 334L392 244L386 216C384 258 379 290 385 330C393 372 391 420 385 470L375 594C373 612 348 612 346 594L334 452C331 424 327 408 320 404C313 408 309 424 306 452L294 594C292 612 267 612 265 594L255 470C249 420 247 372 255 330C261 290 256 258 254 216L248 244L229 334C225 352 220 366 211 366C203 366 199 352 202 330L220 220C224 190 230 166 246 152C266 136 294 128 320 128Z";
const HEAD = "M320 22C346 22 361 42 360 70C359 98 344 122 320 122C296 122 281 98 280 70C279 42 294 22 320 22Z";
const SHAPES = {
  brain: [["path", { d: "M320 34C343 33 353 50 350 68C346 82 332 82 320 80C308 82 294 82 290 68C287 50 297 33 320 34Z" }]],
  plasma: [["path", { d: "M320 214C304 200 299 192 303 183C307 175 316 176 320 184C324 176 333 175 337 183C341 192 336 200 320 214Z" }], ["path", { d: "M320 176V140M320 214V300M308 190L262 170M332 190L378 170M320 300L292 420M320 300L348 420", class: "vessel" }]],
  gut: [["path", { d: "M330 246C350 246 356 262 346 276C338 288 318 284 310 292" , class: "tube" }], ["path", { d: "M292 306H348C360 306 360 322 348 322H292C280 322 280 338 292 338H346", class: "tube" }]],
  urine: [["path", { d: "M288 256C276 256 272 270 276 282C280 294 292 290 290 278C289 272 292 258 288 256Z" }], ["path", { d: "M352 256C364 256 368 270 364 282C360 294 348 290 350 278C351 272 348 258 352 256Z" }], ["ellipse", { cx: 320, cy: 372, rx: 15, ry: 12 }]],
  bone: [["path", { d: "M282 432L283 560", class: "shaft" }], ["circle", { cx: 277, cy: 430, r: 7 }], ["circle", { cx: 288, cy: 429, r: 7 }], ["circle", { cx: 278, cy: 563, r: 7 }], ["circle", { cx: 289, cy: 563, r: 7 }]],
  muscle: [["path", { d: "M346 430C362 424 376 446 373 482C371 512 364 528 358 528C350 528 344 508 342 480C340 456 340 434 346 430Z" }], ["ellipse", { cx: 408, cy: 232, rx: 9, ry: 28, transform: "rotate(-10 408 232)" }]],
  red_cells: [["ellipse", { cx: 232, cy: 222, rx: 9, ry: 6 }], ["ellipse", { cx: 226, cy: 246, rx: 9, ry: 6 }], ["ellipse", { cx: 223, cy: 270, rx: 9, ry: 6 }]],
  faeces: [["path", { d: "M346 338C366 342 366 384 344 392", class: "tube" }]],
};
const SPOTS = { brain: [320, 58], plasma: [320, 194], gut: [320, 322], urine: [357, 272], bone: [283, 496], muscle: [358, 474], red_cells: [227, 246], faeces: [362, 366] };
const ORDER = ["brain", "plasma", "red_cells", "gut", "urine", "faeces", "muscle", "bone"];

function marker(place, number) {
  const [x, y] = SPOTS[place];
  return s("g", { class: "marker" }, s("circle", { cx: x, cy: y, r: 10 }), s("text", { x, y: y + 4.5 }, String(number)));
}

/** Places in the order of the picture; those without an organ come last. */
export function inOrder(places) {
  const rank = (one) => (ORDER.includes(one.id) ? ORDER.indexOf(one.id) : ORDER.length);
  return [...places].sort((one, two) => rank(one) - rank(two));
}

/** The picture and, beside it, a list with the same numbers. */
export class BodyPicture {
  constructor(places) {
    this.places = inOrder(places);
    this.organs = new Map();
    const groups = this.places.filter((one) => SHAPES[one.id]).map((one) => {
      const group = s("g", { class: `organ organ-${one.id}` }, SHAPES[one.id].map(([tag, attributes]) => s(tag, attributes)));
      this.organs.set(one.id, group);
      return group;
    });
    const markers = this.places.map((one, i) => (SPOTS[one.id] ? marker(one.id, i + 1) : null));
    const svg = s("svg", { viewBox: "180 10 280 610", role: "img", class: "body" }, s("path", { d: HEAD, class: "outline" }), s("path", { d: BODY, class: "outline" }), groups, markers);
    this.svg = svg;
    this.rows = new Map(this.places.map((one, i) => [one.id, this.#row(one, i)]));
    this.node = h("div", { class: "body-picture" }, svg, h("ol", { class: "organs" }, [...this.rows.values()].map((row) => row.node)));
  }

  #row(place, i) {
    const amount = h("span", { class: "amount" });
    const share = h("span", { class: "soft small" });
    const bar = s("rect", { x: 0, y: 0, width: 0, height: 6, class: "fill-one" });
    const drawn = s("svg", { viewBox: "0 0 100 6", class: "bar", "aria-hidden": "true", preserveAspectRatio: "none" }, bar);
    const drawnIn = SPOTS[place.id] ? String(i + 1) : "·";
    const node = h("li", { data: { place: place.id } }, h("span", { class: "number", "aria-hidden": "true" }, drawnIn), h("span", { class: "name" }, place.title), amount, drawn, share);
    return { node, amount, share, bar };
  }

  /** amounts: id -> {amount, low, high, share, text, note}. */
  show(amounts, sentence) {
    this.svg.setAttribute("aria-label", sentence);
    const most = Math.max(1e-9, ...[...amounts.values()].map((one) => one.share ?? 0));
    for (const [id, row] of this.rows) {
      const one = amounts.get(id);
      if (!one) continue;
      put(row.amount, one.text);
      row.share.textContent = one.note ?? "";
      row.bar.setAttribute("width", String(Math.max(0, Math.min(100, 100 * (one.share ?? 0)))));
      this.organs.get(id)?.style.setProperty("--share", String(Math.sqrt(Math.max(0, one.share ?? 0) / most)));
    }
  }
}

export function percent(value) {
  return value > 0 && value < 0.0005 ? "under 0.1 %" : `${plain(100 * value, 2)} %`;
}
