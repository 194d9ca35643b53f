/** One thread of a team: an instance that takes part in every round, for ever. */

import { byteOf } from "./refusal.js";
import { DONE, instantiate, REPEATS, ROUND, TRAPPED } from "./wasm-team.js";

globalThis.onmessage = async ({ data: { module, memory, given, number, threads, control } }) => {
  const { exports } = /** @type {{exports: any}} */ (await instantiate(module, memory));
  let round = Atomics.load(control, ROUND);
  globalThis.postMessage("ready");
  for (;;) {
    Atomics.wait(control, ROUND, round);
    round = Atomics.load(control, ROUND);
    try {
      exports.run(Atomics.load(control, REPEATS), ...given, number, threads);
    } catch (error) {
      Atomics.store(control, TRAPPED, byteOf(error) ?? -1);
    }
    Atomics.add(control, DONE, 1);
    Atomics.notify(control, DONE);
  }
};
