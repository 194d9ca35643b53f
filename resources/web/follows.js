/** Does the answer follow the operands? See `check_follows` in `app/measure/verify.py`. */

import { method } from "./method.js";
import { Refusal } from "./refusal.js";
import { answerIn } from "./verify.js";

/**
 * See that the answer changes with the operands; they, and the answer to them, are back afterwards. Every bit of
 * the smallest operand is inverted; throws where more of the answer than chance allows stays the same.
 * @param {import("./runner.js").Kernel} kernel
 * @param {import("./runner.js").Case} page
 * @param {{bytes: (name: string) => Promise<Uint8Array>}} data
 * @param {{truth: Float64Array, index: Uint32Array | ""}} exact
 */
export async function checkFollows(kernel, { program, runtime, buffers }, data, { truth, index }) {
  const binary = runtime === "wasm" ? 1 : 0;
  const sizes = program.buffers.slice(binary);
  if (!sizes.length) return;
  const place = sizes.indexOf(Math.min(...sizes));
  const operand = await data.bytes(buffers[binary + place]);
  const before = answerIn(await kernel.result(), index);
  await kernel.load([place], [operand.map((byte) => ~byte)]);
  let after;
  try {
    await kernel.time(1);
  } catch (error) {
    if (Refusal.plain(error).kind !== "failed") throw error;
    return; // a trap over a number out of its range: it did look at its operands
  } finally {
    after = answerIn(await kernel.result(), index);
    await kernel.load([place], [operand]);
    await kernel.time(1);
  }
  let unmoved = 0;
  for (let i = 0; i < truth.length; i++) unmoved += Number(before(i) === after(i));
  if (unmoved > method.verify.MOST_UNMOVED * truth.length) {
    throw new Refusal("wrong", `${unmoved} of ${truth.length} results stayed the same when the operands changed`);
  }
}
