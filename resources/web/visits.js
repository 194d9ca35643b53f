/** How a case is sampled once in a round, and how many runs make its short batches: see `app/measure/visits.py`. */

import { method, nearest } from "./method.js";
import { median } from "./statistics.js";

const its = method.visits;

/**
 * At most `rounds` visits of `batches` short batches of `repeats` runs; one should take `seconds`.
 * @typedef {{repeats: number, batches: number, rounds: number, seconds: number}} Length
 */

/**
 * What a visit found: seconds of a run, undisturbed and in the middle batch, and the share of batches held up.
 * @typedef {{seconds: number, middle: number, disturbed: number}} Visit
 */

/**
 * Equally long batches for the kernels of a group, and how they fill visits of `visit` seconds.
 * @param {import("./calibrate.js").Pace[]} paces
 * @param {number} seconds the undisturbed time for each case
 * @returns {Length[]}
 */
export function lengths(paces, clockStep, visit, seconds) {
  const waits = Math.max(0, ...paces.map((pace) => pace.idle));
  const least = Math.min(Math.max(its.SHORT, its.LEAST_STEPS * clockStep), its.LONGEST_SUBMISSION);
  const short = waits > its.SINGLE ? Math.max(least, visit) : least; // else an answer takes longer than its batch
  const most = Math.min(visit, its.LONGEST_SUBMISSION);
  const fixed = median(paces.map((pace) => pace.fixed)) ?? 0;
  const runs = paces.map((pace) => pace.runBeside(fixed));
  const batch = equal(runs, short, fixed, Math.min(its.LONGEST_EQUAL, 2 * visit));
  return paces.map((pace, i) => {
    const run = runs[i];
    const repeats = run ? Math.max(1, Math.min(nearest(batch / run), its.MOST_REPEATS)) : pace.repeats(batch);
    const length = Math.max(repeats * run + fixed, short / 2);
    const fewest = length >= its.SINGLE ? 1 : its.FEWEST_BATCHES;
    const batches = Math.max(fewest, Math.min(its.MOST_BATCHES, Math.trunc(most / length)));
    const calls = batches + Number(warmsUp(batches));
    return { repeats, batches, rounds: roundsOf(length * calls, seconds), seconds: (length + waits) * calls };
  });
}

/** Visits that fill so many seconds: enough for an interval, unless these would take far longer. */
function roundsOf(visit, seconds) {
  const wanted = Math.max(its.FEWEST_ROUNDS, nearest(seconds / visit));
  return Math.max(1, Math.min(wanted, Math.trunc((its.OVERDRAWN * seconds) / visit)));
}

/** The shortest batch of at least `short` seconds that whole numbers of these runs come near enough to. */
function equal(runs, short, fixed, longest) {
  const alike = runs.filter((run) => run > 0 && run <= longest);
  if (!alike.length) return short;
  const slow = runs.some((run) => run > longest);
  const least = Math.max(short, ...alike, slow ? its.SINGLE : 0);
  const most = Math.max(longest, least);
  let [best, off] = [least, Infinity];
  for (let i = 0; i < its.TRIES; i++) {
    const length = least * (1 + i / its.FINENESS);
    const found = Math.max(unequal(alike, length, fixed), 1);
    if (length <= most && found < off) [best, off] = [length, found];
  }
  return best;
}

/** By how much batches that come near `length` differ, over what they may. */
function unequal(runs, length, fixed) {
  const batches = runs.map((run) => Math.max(1, nearest(length / run)) * run);
  const spread = Math.max(...batches) / Math.min(...batches) - 1;
  return Math.max(spread / its.SPREAD, (spread * fixed) / length / its.SHIFT);
}

const warmsUp = (batches) => batches >= its.FEWEST_BATCHES;

const encoded = (kernel, { repeats, batches }) => kernel.ahead?.(repeats, batches + Number(warmsUp(batches)));

/** What the next visit submits, encoded while this one runs; where nothing can be, there is nothing. */
export class Ahead {
  #next = null;

  /** Have that visit ready. What goes wrong is its own affair: it tries again. */
  encode(kernel, length) {
    try {
      const batches = encoded(kernel, length);
      this.#next = batches ? { kernel, length, batches } : null;
    } catch {
      this.#next = null;
    }
  }

  /** What was encoded for such a visit; if it was for another, that is forgotten. */
  take(kernel, length) {
    const found = this.#next;
    this.#next = null;
    return found?.kernel === kernel && found.length === length ? found.batches : null;
  }
}

/**
 * A batch that does not count, then those that do; null where the clock gave no data. They may be ready `ahead`; while
 * they run, what is to be done `meanwhile` is.
 * @param {import("./calibrate.js").Timed} kernel
 * @param {Length} length
 * @param {Ahead} [ahead]
 * @returns {Promise<Visit | null>}
 */
export async function visit(kernel, length, ahead, meanwhile = () => {}) {
  const { repeats, batches } = length;
  const warm = Number(warmsUp(batches));
  const ready = ahead?.take(kernel, length) ?? encoded(kernel, length);
  let found;
  if (ready) {
    ready.submit();
    const answer = ready.seconds();
    meanwhile();
    found = await answer;
  } else {
    found = await batchesOf(kernel, repeats, batches + warm);
  }
  const times = found.slice(warm).filter((seconds) => seconds > 0).map((seconds) => seconds / repeats);
  if (!times.length) return null;
  times.sort((a, b) => a - b);
  const seconds = times.length >= its.RANKED ? times[1] : times[0];
  const heldUp = times.filter((time) => time > its.DISTURBED * seconds).length;
  return { seconds, middle: times[times.length >> 1], disturbed: heldUp / times.length };
}

/**
 * Seconds of so many batches, submitted at once where the target takes that.
 * @param {import("./calibrate.js").Timed} kernel
 * @returns {Promise<number[]>}
 */
export async function batchesOf(kernel, repeats, count) {
  if (kernel.each) return kernel.each(repeats, count);
  const found = [];
  for (let i = 0; i < count; i++) found.push(await kernel.time(repeats));
  return found;
}
