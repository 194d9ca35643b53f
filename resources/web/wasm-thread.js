/** One thread of a team: an instance that takes part in every round, for ever. */

import { byteOf } from "./refusal.js";
import { DONE, instantiate, REPEATS, ROUND, takePart, TRAPPED } from "./wasm-team.js";

globalThis.onmessage = async ({ data: { module, memory, steps, number, threads, control } }) => {
  const { exports } = /** @type {{exports: any}} */ (await instantiate(module, memory));
  const calls = steps.map(({ entry, given }) => ({ call: exports[entry], given }));
  let round = Atomics.load(control, ROUND);
  globalThis.postMessage("ready");
  for (;;) {
    Atomics.wait(control, ROUND, round);
    round = Atomics.load(control, ROUND);
    try {
      takePart(calls, Atomics.load(control, REPEATS), number, threads);
    } catch (error) {
      Atomics.store(control, TRAPPED, byteOf(error) ?? -1);
    }
    Atomics.add(control, DONE, 1);
    Atomics.notify(control, DONE);
  }
};
