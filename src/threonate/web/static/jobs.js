// Long questions: started once, watched, stopped within a second, found again after a reload.

import { get, send } from "./api.js";
import { h, put } from "./dom.js";
import { seconds } from "./format.js";
import { changeParams, state } from "./state.js";

const OVER = new Set(["done", "failed", "cancelled"]);

/** A strip with progress, time left and cancel. `show(result, job)` is called when a job is done. */
export class JobStrip {
  #events = null;
  #id = null;

  constructor(show) {
    this.show = show;
    this.title = h("p", { class: "job-title" });
    this.bar = h("progress", { max: 1, value: 0, "aria-label": "Progress of the long run" });
    this.left = h("p", { class: "small soft", "aria-live": "polite" });
    this.stop = h("button", { type: "button", on: { click: () => this.cancel() } }, "Cancel");
    this.node = h("section", { class: "job", hidden: true, "aria-label": "Long run" }, this.title, this.bar, h("div", { class: "row spread" }, this.left, this.stop));
  }

  async start(kind, scenario, arms) {
    const job = await send("jobs", { kind, scenario, ...(arms ? { arms } : {}) });
    changeParams({ job: job.id }, { quiet: true });
    this.follow(job.id, job);
  }

  /** Follow the job that the address names, if any. */
  resume() {
    const { job } = state.params;
    if (job && job !== this.#id) this.follow(job);
    if (!job) this.#forget();
  }

  follow(id, job = null) {
    this.#forget();
    this.#id = id;
    this.node.hidden = false;
    if (job) this.#tell(job);
    this.#events = new EventSource(`api/jobs/${encodeURIComponent(id)}/events`);
    for (const kind of ["progress", "done", "failed", "cancelled"]) {
      this.#events.addEventListener(kind, (event) => this.#tell(JSON.parse(event.data)));
    }
    this.#events.onerror = () => this.#lost(id);
  }

  async cancel() {
    if (!this.#id) return;
    this.stop.disabled = true;
    this.left.textContent = "stopping …";
    try {
      this.#tell(await send(`jobs/${encodeURIComponent(this.#id)}`, undefined, "DELETE"));
    } catch (error) {
      this.left.textContent = error.message;
    }
  }

  async #lost(id) {
    this.#events?.close();
    if (this.#id !== id) return;
    try {
      const job = await get(`jobs/${encodeURIComponent(id)}`);
      if (OVER.has(job.state)) this.#tell(job);
      else setTimeout(() => this.#id === id && this.follow(id, job), 1000);
    } catch (error) {
      put(this.left, error.status === 404 ? "This run is no longer known to the server. Start it again." : error.message);
      this.stop.disabled = true;
    }
  }

  async #tell(job) {
    this.node.dataset.state = job.state;
    this.title.textContent = job.title || "Long run";
    this.bar.max = job.total || 1;
    this.bar.value = job.state === "done" ? this.bar.max : job.done;
    this.stop.disabled = OVER.has(job.state);
    const share = job.total ? `${job.done} of ${job.total}` : "";
    const words = { queued: "waiting for its turn", running: `${share}, ${seconds(job.left_s ?? NaN)}`, done: "finished", cancelled: "cancelled", failed: job.error?.message ?? "failed" };
    this.left.textContent = words[job.state] ?? job.state;
    if (!OVER.has(job.state)) return;
    this.#events?.close();
    if (job.state === "done") this.show(await get(`jobs/${encodeURIComponent(job.id)}/result`), job);
  }

  #forget() {
    this.#events?.close();
    this.#events = null;
    this.#id = null;
    this.node.hidden = true;
    this.stop.disabled = false;
  }
}
