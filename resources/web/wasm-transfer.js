/** What is timed instead of a run: bytes into a module's memory, out of it, or seen in place; and calls. */

import { Refusal } from "./refusal.js";

class Operation {
  timer = "wall clock over a batch";

  /** @type {Uint8Array} */
  data;

  constructor(name, make) {
    this.name = name;
    this.make = make;
    this.work = {
      upload: () => this.instance.operand().set(this.data),
      download: () => {
        this.copy.set(this.instance.operand());
        this.seen = this.copy;
      },
      map: () => (this.seen = this.instance.operand()),
      "first-touch": () => this.#renew(),
      dispatch: () => this.instance.time(1),
    }[name];
    if (!this.work) throw new Refusal("failed", `no operation '${name}' in a browser`);
  }

  async start(program, binary, buffers) {
    this.given = [program, binary, buffers];
    [this.data] = buffers;
    this.copy = new Uint8Array(this.data.byteLength);
    this.seen = new Uint8Array(0);
    await this.#renew();
    this.costs = this.instance.costs;
  }

  async #renew() {
    this.seen = new Uint8Array(0);
    this.instance?.close();
    this.instance = this.make();
    await this.instance.start(...this.given);
  }

  async time(repeats) {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) {
      const done = this.work();
      if (done instanceof Promise) await done;
    }
    return (performance.now() - start) / 1000;
  }

  load(places, buffers) {
    this.given[2] = buffers;
    [this.data] = buffers;
    this.instance.load(places, buffers);
  }

  poison() {
    this.seen = new Uint8Array(0);
    this.copy.fill(0xff);
    if (this.name === "dispatch") this.instance.poison();
    else if (this.name === "upload" || this.name === "first-touch") this.instance.operand().fill(0xff);
  }

  result() {
    if (this.name === "dispatch") return this.instance.result();
    if (this.name === "upload" || this.name === "first-touch") return this.instance.operand().slice();
    return this.seen.slice();
  }
}

/** @param {string} name @param {() => import("./wasm-worker.js").Instance} make */
export const operations = (name, make) => new Operation(name, make);
