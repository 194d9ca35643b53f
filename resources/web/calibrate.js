/** How long one run takes undisturbed, and how many make a batch worth timing: see `app/measure/calibrate.py`. */

import { method, nearest } from "./method.js";
import { Refusal } from "./refusal.js";

const its = method.calibrate;

const now = () => performance.now() / 1000;

/**
 * What is timed: seconds that so many runs took, 0 where the clock gave no data. Some kernels are given batches at
 * once (`each`), or take some that are encoded while others run.
 * @typedef {object} Timed
 * @property {(repeats: number) => Promise<number>} time
 * @property {{first_run_s: number}} costs
 * @property {(repeats: number, batches: number) => Promise<number[]>} [each]
 * @property {(repeats: number, batches: number) => import("./clock.js").Batches} [ahead]
 */

/** What is known of a kernel's time: the least seconds seen of every count of runs. */
export class Pace {
  #kernel;
  idle;
  #submission = new Map();
  /** @type {Map<number, number>} */
  #least = new Map();

  /** @param {Timed} kernel @param {number} idle seconds of a submission that are none of the target's */
  constructor(kernel, idle = 0) {
    this.#kernel = kernel;
    this.idle = idle;
  }

  /** Time so many runs; the least seconds of them so far. @param {number} repeats */
  async look(repeats) {
    const start = now();
    const seconds = await this.#kernel.time(repeats);
    const elapsed = Math.max(seconds, now() - start - this.idle);
    this.#submission.set(repeats, Math.min(elapsed, this.#submission.get(repeats) ?? elapsed));
    if (seconds > 0) this.#note(repeats, seconds);
    return this.least(repeats);
  }

  #note(repeats, seconds) {
    this.#least.set(repeats, Math.min(seconds, this.#least.get(repeats) ?? seconds));
  }

  /** The least seconds that so many runs, or more, took; 0 where the clock gave no data. */
  least(repeats) {
    const found = [...this.#least].filter(([count]) => count >= repeats).map(([, seconds]) => seconds);
    return found.length ? Math.min(...found) : 0;
  }

  /** Take in that a single run took no longer than that. */
  bound(seconds) {
    if (seconds > 0 && this.#least.size) this.#note(1, seconds);
  }

  /** Take in that so many runs really last `seconds`, where that is not what was seen before. */
  correct(repeats, seconds) {
    const { fixed } = this;
    this.#least = new Map([[repeats, seconds]]);
    if (repeats > 1) {
      const half = Math.max(1, Math.floor(repeats / 2));
      this.#least.set(half, fixed + ((seconds - fixed) * half) / repeats);
    }
  }

  /** Whether so many runs fit into one submission, judging by those that were looked at. */
  fits(repeats) {
    const known = Math.max(...[...this.#submission.keys()].filter((count) => count <= repeats));
    return (this.#submission.get(known) * repeats) / known <= its.LONGEST_SUBMISSION;
  }

  /** The undisturbed seconds of a run, with its part of what a batch costs; 0 without data. */
  get run() {
    if (!this.#least.size) return 0;
    return Math.min(...[...this.#least].map(([count, seconds]) => seconds / count));
  }

  /** Seconds that a batch costs by itself: what two of half as many runs take longer than one of all. */
  get fixed() {
    const counts = [...this.#least.keys()].filter((count) => count % 2 === 0 && this.#least.has(count / 2));
    if (!counts.length) return 0;
    const most = Math.max(...counts);
    return Math.max(0, 2 * this.least(most / 2) - this.least(most));
  }

  /** The undisturbed seconds of a run where each batch costs `fixed` seconds by itself. */
  runBeside(fixed) {
    const found = [...this.#least].filter(([, s]) => s > 2 * fixed).map(([count, s]) => (s - fixed) / count);
    return found.length ? Math.min(...found) : this.run;
  }

  /** How many runs last so long, within one submission. */
  repeats(seconds) {
    if (!this.run) return Math.max(...this.#submission.keys());
    return Math.max(1, Math.min(nearest(Math.min(seconds, its.LONGEST_SUBMISSION) / this.run), its.MOST_REPEATS));
  }
}

/**
 * Double the number of runs, starting from one, until they last a short batch and add up; throws where they do not.
 * @param {Timed} kernel
 */
export async function findPace(kernel, clockStep = 0) {
  const seconds = Math.max(its.SHORT, its.LEAST_STEPS * clockStep);
  const pace = new Pace(kernel, clockStep ? await idle(kernel) : 0);
  for (let repeats = 1; ; repeats *= 2) {
    await pace.look(repeats);
    if (repeats === 1) pace.bound(kernel.costs.first_run_s);
    if (pace.least(repeats) >= seconds / 2 && (await doubles(pace, repeats))) return pace;
    if (!pace.fits(2 * repeats) || 2 * repeats > its.MOST_REPEATS) return longest(kernel, pace, repeats, seconds);
  }
}

/** Seconds until the answer to a single run, beyond what it took on the target. */
async function idle(kernel) {
  const start = now();
  const onTarget = await kernel.time(1);
  return Math.max(0, now() - start - onTarget);
}

/** Whether a batch takes about twice as long as one of half as many runs, and that one likewise. */
async function doubles(pace, repeats) {
  const counts = [repeats, repeats >> 1, repeats >> 2].filter(Boolean);
  while (counts.length < 3 && pace.fits(2 * counts[0])) {
    counts.unshift(2 * counts[0]);
    for (let look = 0; look < its.LOOKS; look++) await pace.look(counts[0]);
  }
  const [least, most] = its.DOUBLES;
  for (let look = 0; look < its.PATIENCE; look++) {
    const times = counts.map((count) => pace.least(count));
    const twice = (more, i) => least * times[i + 1] <= more && more <= most * times[i + 1];
    if (times.slice(0, -1).every(twice)) return pace.least(repeats) > repeats * its.CYCLE;
    for (const count of counts) await pace.look(count);
  }
  return false;
}

/** What is made of runs that do not add up even in the longest batch there may be. */
async function longest(kernel, pace, repeats, seconds) {
  const few = Math.max(1, Math.floor(repeats / its.FEWER));
  if (!pace.least(repeats) || repeats < its.FEW_TELL_LITTLE) return pace;
  for (let look = 0; look < its.LAST_LOOKS; look++) {
    const call = pace.least(few);
    const least = call > its.TELLING ? its.LONGER * call : call + repeats * its.CYCLE;
    if (pace.least(repeats) >= Math.max(least, repeats * its.CYCLE)) return pace;
    await pace.look(few);
  }
  if (pace.least(1) >= seconds / 2) {
    const alone = new Pace(kernel);
    await alone.look(1);
    return alone;
  }
  throw new Refusal("wrong", `${repeats} runs take hardly longer than ${few}: most of them do nothing`);
}

/**
 * Whether so many runs take as long as they should by what shorter batches took.
 * @param {Pace} pace @param {number} repeats
 */
export async function addsUp(pace, repeats) {
  const expected = repeats * pace.run;
  if (repeats === 1 || !expected) return true;
  const seen = await pace.look(repeats);
  return !seen || seen >= its.SHARE * expected;
}

/**
 * Have the last word on runs that do not add up: against half as many, at the quickest of looks in turn.
 * @param {Timed} kernel @param {number} repeats
 */
export async function checkLeftOut(kernel, repeats) {
  const seen = { half: [], whole: [] };
  for (let look = 0; look < its.LAST_LOOKS; look++) {
    seen.half.push(await kernel.time(repeats >> 1));
    seen.whole.push(await kernel.time(repeats));
  }
  const [half, whole] = [seen.half, seen.whole].map((looks) => Math.min(...looks.filter((s) => s > 0)));
  if (whole < its.SHARE * 2 * half && half < Infinity) {
    throw new Refusal("wrong", `${repeats} runs take less than ${Math.round(100 * its.SHARE)}% of what they should by `
      + "shorter batches: some of them do nothing");
  }
}
