/** Rounds that visit every case of a group in random order, until each may stop: see `app/measure/sampling.py`. */

import { addsUp, checkLeftOut, findPace } from "./calibrate.js";
import { method } from "./method.js";
import { shuffled } from "./order.js";
import { Refusal } from "./refusal.js";
import { whyStop } from "./stopping.js";
import { Ahead, lengths, visit } from "./visits.js";
import { NONE, noteOf, warmUp } from "./warm.js";

const its = method.sampling;

const now = () => performance.now() / 1000;

/**
 * A case that is ready: what the rounds need to know of it, and have to tell it.
 * @typedef {object} Sampled
 * @property {import("./calibrate.js").Timed & {timer: string, poison: () => Promise<void>, fallBack?: () => boolean, clockStep?: number}} kernel
 * @property {import("./calibrate.js").Pace} pace
 * @property {import("./visits.js").Length} [length]
 * @property {Map<number, import("./visits.js").Visit>} visits by round
 * @property {(when: string) => Promise<void>} judge throws where the result of the latest run is wrong
 * @property {() => Promise<void>} follows throws where the answer does not change with the operands
 * @property {(stop: string, note: string) => void} done `note` is what befell its group
 * @property {(error: any) => void} failed
 */

/**
 * Who looks on: `round` is called after each of them, `stopped` says whether this is to end.
 * @typedef {{round: (measurements?: object[]) => void, stopped: () => boolean}} Watch
 */

/** Nobody looks on. @type {Watch} */
export const unwatched = { round() {}, stopped: () => false };

/** The rounds of one group. */
export class Sampling {
  #active;
  #base;
  #settings;
  #clockStep;
  #life;
  #budget = 0;
  #checked = new Set();
  #empty = new Map();
  #clockFailed = false;
  #warmed = NONE;
  #ahead = new Ahead();
  #watch;

  /**
   * @param {Sampled[]} cases
   * @param {Sampled | undefined} base the case that the others are compared with
   * @param {{seconds: number, precision: number, batch_seconds: number, seed: number}} settings
   * @param {number} clockStep seconds
   * @param {number} life the number of the group, which its samples carry
   * @param {Watch} [watch]
   */
  constructor(cases, base, settings, clockStep, life, watch = unwatched) {
    this.#watch = watch;
    this.#active = [...cases];
    this.#base = cases.find((one) => one === base);
    this.#settings = settings;
    this.#clockStep = clockStep;
    this.#life = life;
  }

  /** Sample until every case has its last word. */
  async run() {
    if (this.#active.some(({ pace, kernel }) => !pace.run && kernel.fallBack?.())) await this.#changeClocks();
    await this.#warmUp();
    await this.#plan();
    for (let [number, start, restarts] = [0, now(), 0]; this.#active.length; ) {
      if (this.#watch.stopped()) return this.#stop();
      await this.#round(number++);
      this.#watch.round();
      if (this.#clockFailed) {
        await this.#changeClocks();
        [number, start] = [0, now()];
        await this.#plan();
        continue;
      }
      const looks = [1, its.TRIAL].includes(number) && restarts < its.RESTARTS && !this.#watch.stopped();
      if (looks && this.#moved(number > 1)) {
        [number, start, restarts] = [0, now(), restarts + 1];
        await this.#plan();
        continue;
      }
      await this.#endThoseDone(now() - start > its.PATIENCE * this.#budget);
    }
  }

  /** Run the quickest kernel until it gets no faster; what slept while it was calibrated is so anew. */
  async #warmUp() {
    this.#setLengths();
    const [one] = [...this.#active].sort((a, b) => a.pace.run - b.pace.run);
    if (!one) return;
    const { run } = one.pace;
    await this.#ended(one, async () => {
      this.#warmed = await warmUp(one.kernel, one.length.repeats * run, run, this.#watch.stopped);
    });
    if (!(run > its.WOKE * this.#warmed.run && this.#warmed.run > 0)) return;
    for (const other of [...this.#active]) await this.#ended(other, () => this.#findPace(other));
  }

  async #findPace(one) {
    one.pace = await findPace(one.kernel, this.#clockStep);
  }

  /** What was sampled often enough is kept, once its result is judged; the rest never ran. */
  async #stop() {
    for (const one of [...this.#active]) {
      if (one.visits.size >= its.FEWEST_SAMPLES) await this.#finish(one, "stopped", false); // one more batch each takes too long
      else one.visits.clear();
    }
    this.#active = [];
  }

  /** Give every case its batches; those whose runs never add up have their last word. */
  async #plan() {
    let short = [];
    for (let look = 0; look < its.LOOKS; look++) {
      this.#setLengths();
      short = [];
      for (const one of [...this.#active]) {
        if (!(await this.#addsUp(one))) short.push(one);
      }
      if (!short.length) break;
    }
    for (const one of short) await this.#ended(one, () => checkLeftOut(one.kernel, one.length.repeats));
    this.#budget = this.#active.reduce((sum, { length }) => sum + length.rounds * length.seconds, 0);
  }

  #setLengths() {
    const { batch_seconds: visitSeconds, seconds } = this.#settings;
    const found = lengths(this.#active.map(({ pace }) => pace), this.#clockStep, visitSeconds, seconds);
    this.#active.forEach((one, i) => {
      one.length = found[i];
      one.visits.clear();
    });
  }

  /** Whether the batches of a case last as long as its pace says, which is looked for anew if not. */
  async #addsUp(one) {
    let answer = true;
    const ended = await this.#ended(one, async () => {
      answer = await addsUp(one.pace, one.length.repeats);
      if (!answer) await this.#findPace(one);
    });
    return ended || answer;
  }

  /** Visit each case once, in an order that the seed, the life and the round's number make. */
  async #round(number) {
    const order = this.#order(number);
    const coming = [...order.slice(1), this.#order(number + 1)[0]];
    for (const [i, one] of order.entries()) {
      if (this.#watch.stopped()) return;
      await this.#ended(one, () => this.#visit(one, number, coming[i]));
    }
  }

  #order(number) {
    return shuffled(this.#active, `${this.#settings.seed} ${this.#life} ${number}`);
  }

  /** While a case is visited, what the visit of the `next` one submits is encoded, and submitted when this is over. */
  async #visit(one, number, next) {
    const found = await visit(one.kernel, one.length, this.#ahead, () => this.#ahead.encode(next.kernel, next.length));
    if (!found) {
      const empty = (this.#empty.get(one) ?? 0) + 1;
      this.#empty.set(one, empty);
      if (empty <= its.NO_DATA_LIMIT) return;
      if (one.kernel.fallBack?.()) {
        this.#clockFailed = true;
        return;
      }
      throw new Refusal("failed", `the clock (${one.kernel.timer}) gave no data for ${its.NO_DATA_LIMIT} visits`);
    }
    one.visits.set(number, found);
    if (one.visits.size === its.FEWEST_SAMPLES) await this.#checkAnswers(one);
  }

  /** Have all that is still timed go on by another clock: figures of two clocks are no pairs. */
  async #changeClocks() {
    this.#clockFailed = false;
    this.#ahead = new Ahead();
    this.#empty.clear();
    for (const one of [...this.#active]) {
      one.kernel.fallBack?.();
      this.#clockStep = Math.max(this.#clockStep, one.kernel.clockStep ?? 0);
      await this.#ended(one, () => this.#findPace(one));
    }
  }

  /** Among the rounds, once: what was timed was right, and follows the operands. */
  async #checkAnswers(one) {
    if (this.#checked.has(one)) return;
    await one.judge(its.AFTER);
    await one.follows();
    this.#checked.add(one);
  }

  /** Whether the first rounds disagree with the lengths that were planned; what they saw is noted. */
  #moved(slower) {
    let moved = false;
    for (const { visits, pace, length } of this.#active) {
      if (!visits.size) continue;
      const seen = Math.min(...[...visits.values()].map(({ seconds }) => seconds));
      const ratio = seen / pace.run;
      if (ratio > 1 / its.MOVED && !(slower && this.#active.length > 1 && ratio >= its.MOVED)) continue;
      pace.correct(length.repeats, seen * length.repeats);
      moved = true;
    }
    return moved;
  }

  /** The baseline goes on as long as any case that is compared with it. */
  async #endThoseDone(late) {
    const others = this.#active.filter((one) => one !== this.#base);
    for (const one of others.length ? others : [...this.#active]) {
      const reason = this.#whyStop(one, late);
      if (reason) await this.#finish(one, reason);
    }
    const [last, ...more] = this.#active;
    if (others.length && last && last === this.#base && !more.length && last.visits.size >= its.FEWEST_ROUNDS) {
      await this.#finish(last, "those compared with it are done");
    }
  }

  #whyStop(one, late) {
    const base = this.#base?.visits;
    const paired = base?.size && one !== this.#base ? base : null;
    const rounds = [...one.visits.keys()].filter((number) => !paired || paired.has(number)).sort((a, b) => a - b);
    const samplesOf = (visits) => rounds.map((number) => visits.get(number).seconds);
    return whyStop(samplesOf(one.visits), paired && samplesOf(paired), one.length.rounds, this.#settings.precision, late);
  }

  /** The result is judged once more: the batches that were timed must have been right as well. */
  #finish(one, reason, again = true) {
    return this.#ended(one, async () => {
      if (again) {
        await this.#checkAnswers(one);
        await one.kernel.poison();
        await one.kernel.time(one.length.repeats);
      }
      await one.judge(its.AFTER);
      one.done(reason, noteOf(this.#warmed));
      this.#active = this.#active.filter((other) => other !== one);
    });
  }

  /** Whether some of the work on a case brought it to its end; a baseline that fails is none any more. */
  async #ended(one, work) {
    try {
      await work();
      return false;
    } catch (error) {
      one.failed(error);
      this.#active = this.#active.filter((other) => other !== one);
      if (one === this.#base) this.#base = undefined;
      return true;
    }
  }
}
