// Every word with the server goes through here. Addresses are relative: any sub-path works.

export class Refused extends Error {
  constructor(status, told) {
    super(told.message ?? `The server refused this request (${status}).`);
    this.status = status;
    this.kind = told.kind ?? "failed";
    this.problems = told.problems ?? [];
  }
}

export class Unreachable extends Error {}

async function answer(address, options) {
  let response;
  try {
    response = await fetch(address, { credentials: "omit", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable("The server does not answer.");
  }
  const kind = response.headers.get("content-type") ?? "";
  const body = kind.includes("json") ? await response.json() : await response.text();
  if (response.ok) return body;
  const told = body?.error ?? {};
  throw new Refused(response.status, told);
}

/** Ask for something; a query may be text or an object. */
export function get(path, query = "", options = {}) {
  const text = typeof query === "string" ? query : new URLSearchParams(query).toString();
  return answer(`api/${path}${text ? `?${text}` : ""}`, options);
}

export function send(path, body, method = "POST") {
  return answer(`api/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

/**
 * Coalesced asking: never more than one request in flight, and the last input always wins.
 * What arrives between is skipped; nothing waits for a timer.
 */
export class Latest {
  #wanted = null;
  #busy = false;

  constructor(ask, show, fail) {
    this.ask = ask;
    this.show = show;
    this.fail = fail;
  }

  want(input) {
    this.#wanted = { input };
    if (!this.#busy) this.#work();
  }

  async #work() {
    this.#busy = true;
    while (this.#wanted) {
      const { input } = this.#wanted;
      this.#wanted = null;
      try {
        const given = await this.ask(input);
        this.show(given, input, this.#wanted === null);
      } catch (error) {
        if (this.#wanted === null) this.fail(error, input);
      }
    }
    this.#busy = false;
  }
}

const kept = new Map();
/** Ask once; things of the shelf do not change while the server runs. */
export function once(path) {
  if (!kept.has(path)) {
    const asked = get(path);
    asked.catch(() => kept.delete(path));
    kept.set(path, asked);
  }
  return kept.get(path);
}
