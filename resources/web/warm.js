/** Batches until they get no faster, for a GPU that slept wakes up over a second: see `app/measure/warm.py`. */

import { method, nearest } from "./method.js";
import { batchesOf } from "./visits.js";

const its = method.warm;

const now = () => performance.now() / 1000;

/**
 * Windows of batches, and how many times faster the last runs were; `run` seconds each, 0 if nothing is known.
 * @typedef {{seconds: number, windows: number, gain: number, run: number, settled: boolean}} WarmUp
 */

/** @type {WarmUp} */
export const NONE = { seconds: 0, windows: 0, gain: 1, run: 0, settled: true };

/** What a person should know of it; empty where nothing slept. @param {WarmUp} warmed */
export function noteOf({ seconds, windows, gain, settled }) {
  if (windows < its.TELLING || gain < its.WOKE) return "";
  const more = settled ? "" : " and was still getting faster";
  return `became ${gain.toFixed(1)} times faster in ${seconds.toFixed(2)} s of warm-up${more}`;
}

/**
 * Time batches of `batch` seconds, of runs of `run`, until they agree, or `longest` seconds.
 * @param {import("./calibrate.js").Timed} kernel
 * @returns {Promise<WarmUp>}
 */
export async function warmUp(kernel, batch, run, stopped = () => false, longest = its.LONGEST) {
  if (!(batch > 0 && batch <= its.LONGEST_SUBMISSION)) return NONE;
  const start = now();
  const count = Math.max(1, Math.trunc(its.WINDOW / batch));
  const seen = [];
  let [elapsed, worked, settled] = [0, 0, false];
  while (!settled && (elapsed < longest || !seen.length)) {
    const repeats = Math.max(1, Math.min(nearest(batch / run), its.MOST_REPEATS));
    const times = await batchesOf(kernel, repeats, count);
    const found = times.filter((seconds) => seconds > 0).map((seconds) => seconds / repeats);
    if (!found.length || stopped()) return NONE;
    run = Math.min(...found);
    worked += repeats * found.reduce((sum, seconds) => sum + seconds, 0);
    elapsed = Math.max(worked, now() - start);
    const earlier = seen.filter(([done]) => done <= its.EARLIER * elapsed).map(([, least]) => least);
    settled = elapsed >= its.LEAST && earlier.length > 0 && Math.min(...earlier) <= its.AGREE * run;
    seen.push([elapsed, run]);
  }
  return { seconds: elapsed, windows: seen.length, gain: seen[0][1] / run, run, settled };
}
