/** Batches that are encoded while others run: what a browser has against them is told when their seconds are asked. */

import { Refusal } from "./refusal.js";

/**
 * So many batches of what `encode` adds, timed by the GPU's clock.
 * @param {import("./gpu.js").Gpu} gpu
 * @param {import("./clock.js").GpuClock} clock
 * @param {import("./clock.js").Encode} encode
 * @param {number} batches
 * @returns {import("./clock.js").Batches}
 */
export function batchesAhead(gpu, clock, encode, batches) {
  const { device } = gpu;
  const refusals = [];
  const scoped = (work) => {
    device.pushErrorScope("validation");
    const made = work();
    refusals.push(device.popErrorScope());
    return made;
  };
  const ready = scoped(() => clock.ahead(encode, batches));
  return {
    submit: () => scoped(() => ready.submit()),
    async seconds() {
      const found = await ready.seconds();
      const invalid = (await Promise.all(refusals)).find(Boolean); // stamps are then those of a batch before
      gpu.check();
      if (invalid) throw new Refusal("failed", invalid.message.split("\n")[0]);
      return found;
    },
  };
}
