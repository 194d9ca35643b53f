/** Measuring a group of cases: verify, calibrate, then a batch of each in turn until their time is up. */

import { Refusal } from "./refusal.js";

const LONGEST_SUBMISSION = 0.1;
const MOST_REPEATS = 2 ** 20;
const LEAST_STEPS = 200;
const FEWEST_SAMPLES = 6;
const NO_DATA_LIMIT = 5;
const WORST_FACTOR = 20;
const MOST_UNMOVED = 0.1;
const [FEWER, ADDS_UP, LOOKS, PATIENCE, CYCLE] = [64, 4, 3, 8, 3e-10]; // see `calibrate.py`
const AFTER = "after timing, ";

/** What a target lacks of what a case requires, in one line; empty where nothing is. */
export function whyNot(target, { requires, limits }) {
  for (const name of requires) {
    const feature = target.features.find((one) => one.name === name);
    if (!["supported", "emulated"].includes(feature?.state)) return `${target.label} has no ${name} (${feature?.reason ?? "it does not report it"})`;
  }
  for (const [name, made] of Object.entries(limits)) {
    if (target.limits[name] !== made) return `the page was published for ${name} ${made}; that of ${target.label} is ${target.limits[name] ?? "not told"}`;
  }
  return "";
}

/** Element by element, the answer in a raw result. */
function answerIn(raw, index) {
  const result = new Float32Array(raw.buffer, raw.byteOffset, raw.byteLength / 4);
  return index ? (i) => result[index[i]] : (i) => result[i];
}

/** How far a raw result lies from the float64 references. */
export function compare(raw, { truth, stored, index, tolerance, weights }) {
  const at = answerIn(raw, index);
  const [away, kernel] = [deviation(at, truth), deviation(at, stored, weights)];
  if (!Number.isFinite(away.off)) {
    return { relative_l2: null, max_abs: null, kernel_relative_l2: null, kernel_worst: null, tolerance };
  }
  const size = Math.max(kernel.size, 1e-300);
  return {
    relative_l2: away.off / Math.max(away.size, 1e-300),
    max_abs: away.worst,
    kernel_relative_l2: kernel.off / size,
    kernel_worst: kernel.worst / Math.max(size / Math.sqrt(stored.length), 1e-300),
    tolerance,
  };
}

function deviation(at, exact, weights = null) {
  let [off, size, worst] = [0, 0, 0];
  for (let i = 0; i < exact.length; i++) {
    const away = at(i) - exact[i];
    off += away * away;
    size += exact[i] * exact[i];
    worst = Math.max(worst, weights ? Math.abs(away) / weights[i] : Math.abs(away));
  }
  return { off: Math.sqrt(off), size: Math.sqrt(size), worst };
}

const acceptable = (error) =>
  error.kernel_relative_l2 !== null && error.kernel_relative_l2 <= error.tolerance && error.kernel_worst <= WORST_FACTOR * error.tolerance;

function complaint(error) {
  if (error.kernel_relative_l2 === null) return "the result is not finite, or not all of it was written";
  return `relative error ${error.kernel_relative_l2.toExponential(1)} (worst element ${error.kernel_worst.toExponential(1)}) `
    + `exceeds the tolerance ${error.tolerance.toExponential(0)}`;
}

/** How many runs make a batch; throws where the longest one there may be leaves runs out. */
async function calibrate(runner, number, batch) {
  for (let repeats = 1; ; repeats *= 2) {
    const start = performance.now();
    const seconds = await runner.time(number, repeats);
    const elapsed = Math.max(seconds, (performance.now() - start) / 1000);
    const last = 2 * elapsed > LONGEST_SUBMISSION || repeats >= MOST_REPEATS;
    if (seconds < batch / 2 && !last) continue;
    if (repeats < FEWER || (await addsUp(runner, number, repeats, seconds))) return repeats;
    if (last) throw new Refusal("wrong", `${repeats} runs take hardly longer than ${repeats / FEWER}: most of them do nothing`);
  }
}

/** Whether a batch outlasts a 64th of it, by the shortest times of a few looks: a busy machine makes few runs seem long. */
async function addsUp(runner, number, repeats, most) {
  const lesser = (known, seconds) => (known > 0 && !(seconds > 0 && seconds < known) ? known : seconds);
  let least = 0;
  for (let look = 1; look <= PATIENCE; look++) {
    most = lesser(most, await runner.time(number, repeats));
    least = lesser(least, await runner.time(number, repeats / FEWER));
    if (look >= LOOKS && (most <= 0 || most > Math.max(ADDS_UP * least, repeats * CYCLE))) return true;
  }
  return false;
}

/** One case on its way: what becomes its measurement. */
class Going {
  constructor(page, target, number) {
    Object.assign(this, { page, target, number });
    this.samples = [];
    this.spent = 0;
    this.empty = 0;
    this.measurement = { case: { ...page.case, target: target.id }, status: "cancelled", reason: "", samples: this.samples };
  }

  end(status, reason = "", more = {}) {
    Object.assign(this.measurement, { status, reason, ...more });
  }

  async prepare(runner, data, settings) {
    const { page, target } = this;
    const missing = whyNot(target, page);
    if (missing) return this.end("unsupported", missing);
    const { timer, costs } = await runner.prepare(this.number, page.program, await Promise.all(page.buffers.map(data.bytes)));
    Object.assign(this.measurement, { timer, costs, kernel: page.kernel });
    this.exact = {
      truth: new Float64Array((await data.bytes(page.truth)).buffer),
      stored: new Float64Array((await data.bytes(page.stored)).buffer),
      index: page.index && new Uint32Array((await data.bytes(page.index)).buffer),
      tolerance: page.tolerance,
      weights: page.weights ? new Float64Array((await data.bytes(page.weights)).buffer) : null,
    };
    await runner.poison(this.number);
    await runner.time(this.number, 1);
    if (!(await this.judge(runner))) return;
    this.data = data;
    const batch = Math.max(settings.batch_seconds, LEAST_STEPS * target.clock_step);
    this.measurement.repeats = await calibrate(runner, this.number, batch);
    this.active = true;
  }

  async judge(runner, when = "") {
    const error = compare(await runner.result(this.number), this.exact);
    this.measurement.error = error;
    if (!acceptable(error)) this.end("wrong result", when + complaint(error));
    return acceptable(error);
  }

  /** See that the answer changes with the operands, as `check_follows` does: every bit of the smallest is inverted. */
  async follows(runner) {
    const { page: { program, runtime, buffers }, exact: { truth, index }, number } = this;
    const binary = runtime === "wasm" ? 1 : 0;
    const sizes = program.buffers.slice(binary);
    if (!sizes.length) return true;
    const place = sizes.indexOf(Math.min(...sizes));
    const operand = await this.data.bytes(buffers[binary + place]);
    const before = answerIn(await runner.result(number), index);
    await runner.load(number, [place], [operand.map((byte) => ~byte)]);
    let after;
    try {
      await runner.time(number, 1);
    } catch (error) {
      if (Refusal.plain(error).kind !== "failed") throw error;
      return true; // a trap over a number out of its range: it did look at its operands
    } finally {
      after = answerIn(await runner.result(number), index);
      await runner.load(number, [place], [operand]);
    }
    let unmoved = 0;
    for (let i = 0; i < truth.length; i++) unmoved += Number(before(i) === after(i));
    const moved = unmoved <= MOST_UNMOVED * truth.length;
    if (!moved) this.end("wrong result", `${unmoved} of ${truth.length} results stayed the same when the operands changed`);
    return moved;
  }

  async batch(runner, settings) {
    const { repeats, timer } = this.measurement;
    const seconds = await runner.time(this.number, repeats);
    if (seconds > 0) {
      this.spent += seconds;
      this.samples.push(seconds / repeats);
      if (this.samples.length === FEWEST_SAMPLES && !((await this.judge(runner, AFTER)) && (await this.follows(runner)))) {
        this.active = false;
        return;
      }
    } else if (++this.empty > NO_DATA_LIMIT) {
      throw new Refusal("failed", `the clock (${timer}) gave no data for ${NO_DATA_LIMIT} batches`);
    }
    if (document.hidden) this.hidden = "the tab was out of sight at times, where browsers slow pages down";
    if (this.spent >= settings.seconds && (this.samples.length >= FEWEST_SAMPLES || this.spent >= 10 * settings.seconds)) {
      this.active = false;
      if (this.samples.length < FEWEST_SAMPLES && !(await this.follows(runner))) return; // the rounds ended before they came to it
      await runner.poison(this.number);
      await runner.time(this.number, repeats);
      if (await this.judge(runner, AFTER)) this.end("ok", this.hidden ?? "", { stop: "time is up" });
    }
  }
}

const STATUSES = { limit: "skipped", unsupported: "unsupported", wrong: "wrong result" };

/**
 * Measure cases that share target, workload and shape; `told` is called whenever one has its last word.
 * @param {import("./runner.js").Runner} runner
 * @param {object[]} pages cases of `plan.json`
 */
export async function measureGroup(runner, pages, first, target, data, settings, told) {
  const group = pages.map((page, i) => new Going(page, target, first + i));
  const guarded = async (going, work) => {
    try {
      await work();
    } catch (error) {
      going.active = false;
      const { kind, message, line, column } = Refusal.plain(error);
      const text = kind === "kernel" ? `does not compile: ${line ? `line ${line}, column ${column}: ` : ""}${message}` : message;
      going.end(STATUSES[kind] ?? "failed", text);
    }
    if (!going.active) told(going.measurement);
  };
  for (const going of group) await guarded(going, () => going.prepare(runner, data, settings));
  for (let active; (active = group.filter((going) => going.active)).length; ) {
    for (const going of active) await guarded(going, () => going.batch(runner, settings));
  }
  for (const going of group) runner.close(going.number);
  return group.map((going) => going.measurement);
}
