/** Measuring a group of cases: each compiled, right and calibrated, then sampled in turn. See `app/measure/group.py`. */

import { findPace } from "./calibrate.js";
import { checkFollows } from "./follows.js";
import { Refusal } from "./refusal.js";
import { Sampling, unwatched } from "./sampling.js";
import { acceptable, compare, complaint } from "./verify.js";

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

/** Rounds that follow each other, taken together. @param {number} life @param {number[]} rounds */
export function stretches(life, rounds) {
  const found = [];
  for (const round of rounds) {
    const last = found.at(-1);
    if (last && last.first + last.count === round) last.count++;
    else found.push({ life, first: round, count: 1 });
  }
  return found;
}

const STATUSES = { limit: "skipped", unsupported: "unsupported", wrong: "wrong result" };

/** One case on its way: what becomes its measurement. */
class Going {
  status = "cancelled";
  reason = "";
  stop = "";
  error = null;
  hidden = false;
  /** @type {Map<number, import("./visits.js").Visit>} */
  visits = new Map();
  /** @type {import("./visits.js").Length | undefined} */
  length;

  constructor(page, target, number, life, data) {
    this.page = page;
    this.target = target;
    this.number = number;
    this.life = life;
    this.data = data;
  }

  /** Compile, upload, run and judge it once, and find its pace. @param {import("./runner.js").Runner} runner */
  async prepare(runner) {
    const { page, target, number, data } = this;
    const missing = whyNot(target, page);
    if (missing) throw new Refusal("unsupported", missing);
    const { timer, costs } = await runner.prepare(number, page.program, await Promise.all(page.buffers.map(data.bytes)));
    const looked = (work) => {
      this.hidden ||= document.hidden;
      return work();
    };
    this.kernel = {
      timer,
      costs,
      time: (repeats) => looked(() => runner.time(number, repeats)),
      get each() {
        if (!runner.batches(number).atOnce) return undefined;
        return (repeats, batches) => looked(() => runner.each(number, repeats, batches));
      },
      get ahead() {
        if (!runner.batches(number).ahead) return undefined;
        return (repeats, batches) => looked(() => runner.ahead(number, repeats, batches));
      },
      fallBack: () => {
        const other = runner.fallBack(number);
        if (other) Object.assign(this.kernel, { timer: other.timer, note: other.note, clockStep: other.step });
        return other !== null;
      },
      poison: () => runner.poison(number),
      load: (places, buffers) => runner.load(number, places, buffers),
      result: () => runner.result(number),
    };
    this.exact = {
      truth: new Float64Array((await data.bytes(page.truth)).buffer),
      stored: new Float64Array((await data.bytes(page.stored)).buffer),
      index: page.index && new Uint32Array((await data.bytes(page.index)).buffer),
      tolerance: page.tolerance,
      dtype: page.dtype,
      weights: page.weights ? new Float64Array((await data.bytes(page.weights)).buffer) : null,
    };
    await this.kernel.poison();
    await this.kernel.time(1);
    await this.judge();
    this.pace = await findPace(this.kernel, target.clock_step);
  }

  async judge(when = "") {
    this.error = compare(await this.kernel.result(), this.exact);
    if (!acceptable(this.error)) throw new Refusal("wrong", when + complaint(this.error));
  }

  follows() {
    return checkFollows(this.kernel, this.page, this.data, this.exact);
  }

  done(stop, note) {
    const hidden = this.hidden ? "the tab was out of sight at times, where browsers slow pages down" : "";
    const reason = [hidden, this.kernel?.note, note].filter(Boolean).join("; ");
    Object.assign(this, { status: "ok", stop, reason });
  }

  failed(error) {
    const { kind, message, line, column } = Refusal.plain(error);
    this.status = STATUSES[kind] ?? "failed";
    this.reason = kind === "kernel" ? `does not compile: ${line ? `line ${line}, column ${column}: ` : ""}${message}` : message;
  }

  /** As sessions keep it. */
  get measurement() {
    const { page, target, life, kernel, length, visits, status, reason, stop, error } = this;
    const found = [...visits.values()];
    return {
      case: { ...page.case, target: target.id },
      status,
      reason,
      samples: found.map(({ seconds }) => seconds),
      repeats: length?.repeats ?? 0,
      timer: kernel?.timer ?? "",
      stop,
      error,
      costs: kernel?.costs ?? null,
      kernel: kernel ? page.kernel : "",
      batches: length?.batches ?? 1,
      rounds: length?.rounds ?? 0,
      stretches: stretches(life, [...visits.keys()]),
      middles: found.map(({ middle }) => middle),
      disturbed: found.map(({ disturbed }) => disturbed),
      cpu: [],
      instances: 1,
      traffic: kernel ? (page.traffic ?? {}) : {},
    };
  }
}

/**
 * Measure cases that share target, workload and shape.
 * @param {import("./runner.js").Runner} runner
 * @param {object[]} pages cases of `plan.json`
 * @param {number} base which of them the others are compared with; -1 if none
 * @param {number} first the number of the first of them
 * @param {number} life that of the group
 * @param {import("./sampling.js").Watch} [watch]
 */
export async function measureGroup(runner, pages, base, first, life, target, data, settings, watch = unwatched) {
  const group = pages.map((page, i) => new Going(page, target, first + i, life, data));
  const ready = [];
  const tell = () => watch.round(group.map((going) => going.measurement));
  for (const going of group) {
    if (watch.stopped()) break;
    try {
      await going.prepare(runner);
      ready.push(going);
    } catch (error) {
      going.failed(error);
    }
    tell();
  }
  await new Sampling(ready, group[base], settings, target.clock_step, life, { ...watch, round: tell }).run();
  for (const going of group) runner.close(going.number);
  return group.map((going) => going.measurement);
}
