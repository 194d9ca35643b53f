/** Several instances over one shared memory, each in a worker; the first is the caller's own. */

import { Refusal } from "./refusal.js";

/** @param {WebAssembly.Module} module @param {WebAssembly.Memory | null} memory */
export async function instantiate(module, memory) {
  try {
    return await WebAssembly.instantiate(module, { kernelscope: { memory } });
  } catch (error) {
    const trap = Refusal.ofTrap(error); // of a function that starts by itself
    throw trap instanceof Refusal ? trap : new Refusal("kernel", `the module does not link: ${error.message}`);
  }
}

/** What the threads say to each other, as places in a shared array; one that trapped tells its byte, or -1. */
export const ROUND = 0;
export const REPEATS = 1;
export const DONE = 2;
export const TRAPPED = 3;
export const WORDS = 4;

const PATIENCE_MS = 30_000;

/** One thread's part of so many runs: each calls what it is made of in turn, and calls end where the threads meet. */
export function takePart(calls, repeats, number, threads) {
  const [runs, each] = calls.length === 1 ? [1, repeats] : [repeats, 1];
  for (let i = 0; i < runs; i++) {
    for (const { call, given } of calls) call(each, ...given, number, threads);
  }
}

/** Thread 0 runs in the worker that calls; the others sleep until a round begins. */
export class Team {
  /** `calls` are what a run calls in this thread; the others find them by the names of their entries. */
  static async gather(module, memory, calls, threads) {
    const team = new Team(calls, threads);
    const steps = calls.map(({ entry, given }) => ({ entry, given }));
    await Promise.all(team.others.map((worker, i) => started(worker, {
      module, memory, steps, number: i + 1, threads, control: team.control,
    })));
    return team;
  }

  constructor(calls, threads) {
    this.calls = calls;
    this.threads = threads;
    this.control = new Int32Array(new SharedArrayBuffer(4 * WORDS));
    this.others = Array.from({ length: threads - 1 }, () =>
      new Worker(new URL("wasm-thread.js", import.meta.url), { type: "module" }));
  }

  /** @param {number} repeats */
  run(repeats) {
    const { control, threads } = this;
    Atomics.store(control, REPEATS, repeats);
    Atomics.store(control, DONE, 0);
    Atomics.add(control, ROUND, 1);
    Atomics.notify(control, ROUND);
    takePart(this.calls, repeats, 0, threads);
    for (let done; (done = Atomics.load(control, DONE)) < threads - 1; ) {
      if (Atomics.wait(control, DONE, done, PATIENCE_MS) === "timed-out") throw new Refusal("failed", "a thread does not answer");
    }
    const trapped = Atomics.load(control, TRAPPED);
    if (trapped) throw new Refusal("failed", "trap: in another thread", null, null, trapped > 0 ? trapped : null);
  }

  close() {
    for (const worker of this.others) worker.terminate();
  }
}

function started(worker, given) {
  return new Promise((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = (event) => reject(new Refusal("failed", `a thread does not start: ${event.message}`));
    worker.postMessage(given);
  });
}
