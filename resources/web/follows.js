/** Does the answer follow the operands? See `check_follows` in `app/measure/verify.py`. */

import { method } from "./method.js";
import { Refusal } from "./refusal.js";
import { answerIn } from "./verify.js";

/**
 * See that the answer changes with the operands; they, and the answer to them, are back afterwards. Every bit of
 * the smallest operand is inverted, then of the next, until enough of the answer followed one; throws where more
 * of it than chance allows stays the same. A zero says nothing.
 * @param {import("./runner.js").Kernel} kernel
 * @param {import("./runner.js").Case} page
 * @param {{bytes: (name: string) => Promise<Uint8Array>}} data
 * @param {{truth: Float64Array, index: Uint32Array | "", dtype: string}} exact
 */
export async function checkFollows(kernel, { program, runtime, buffers }, data, { truth, index, dtype }) {
  const binary = runtime === "wasm" ? 1 : 0;
  const sizes = program.buffers.slice(binary);
  const places = sizes.map((_, place) => place).filter((place) => sizes[place]);
  const before = answerIn(await kernel.result(), index, dtype);
  const known = Array.from(truth, (_, i) => i).filter((i) => before(i) !== 0);
  const most = mostUnmoved(known.map(before));
  let unmoved = known;
  for (const place of places.sort((a, b) => sizes[a] - sizes[b])) {
    const after = await afterwards(kernel, place, await data.bytes(buffers[binary + place]), index, dtype);
    if (!after) return; // a trap over a number out of its range: it did look at its operands
    unmoved = unmoved.filter((i) => before(i) === after(i));
    if (unmoved.length <= most * known.length) return;
  }
  if (places.length) {
    const of = `${unmoved.length} of ${truth.length} results`;
    throw new Refusal("wrong", `${of} stayed the same when the operands changed`);
  }
}

/** The fraction of an answer, without its zeros, that other operands may leave as it is: see `most_unmoved`. */
export function mostUnmoved(before) {
  const least = method.verify.MOST_UNMOVED;
  if (!before.length || before.some((value) => value !== Math.round(value))) return least;
  const counts = new Map();
  for (const value of before) counts.set(value, (counts.get(value) ?? 0) + 1);
  let alike = 0;
  for (const count of counts.values()) alike += (count / before.length) ** 2;
  return Math.max(least, Math.min(1 - least, method.verify.CHANCE * alike));
}

/**
 * The answer while every bit of an operand is inverted; undefined where that traps.
 * @param {import("./runner.js").Kernel} kernel
 * @param {number} place
 * @param {Uint8Array} operand
 * @param {Uint32Array | ""} index
 * @param {string} dtype
 */
async function afterwards(kernel, place, operand, index, dtype) {
  await kernel.load([place], [operand.map((byte) => ~byte)]);
  try {
    await kernel.time(1);
    return answerIn(await kernel.result(), index, dtype);
  } catch (error) {
    if (Refusal.plain(error).kind !== "failed") throw error;
    return undefined;
  } finally {
    await kernel.load([place], [operand]);
    await kernel.time(1);
  }
}
