/** When to stop sampling a case, and the reason that goes into the session: see `app/measure/stopping.py`. */

import { method } from "./method.js";
import { halfWidth, lookScore, medianInterval, speedup, verdict } from "./statistics.js";

const its = method.stopping;

/** After which of so many rounds sampling may end. @param {number} rounds */
export function looks(rounds) {
  return its.PARTS.map((/** @type {number} */ part) => Math.max(its.FEWEST_ROUNDS, Math.floor(rounds / part)));
}

/**
 * Why a case with these samples is done; empty when it is not.
 * @param {number[]} samples seconds per run, paired by round with `base`
 * @param {number[] | null} base
 * @param {number} rounds the most there may be
 * @param {number} precision the half-width of an interval that is narrow enough
 * @param {boolean} late whether they took far longer than they should
 */
export function whyStop(samples, base, rounds, precision, late = false) {
  const count = samples.length;
  if (count >= rounds) return "time limit reached";
  if (late && count >= its.FEWEST_SAMPLES) return `time limit reached: the machine was busy, ${count} of ${rounds} visits`;
  if (looks(rounds).includes(count) && clear(samples, base, rounds, precision)) return `sure after ${count} of ${rounds} visits`;
  return "";
}

function clear(samples, base, rounds, precision) {
  if (!base) {
    const interval = medianInterval(samples);
    return interval !== null && halfWidth(...interval) <= precision;
  }
  const ratio = speedup(base, samples, lookScore(samples.length, rounds));
  if (!ratio || verdict(ratio) === "not sure") return false;
  return halfWidth(ratio.low, ratio.high) <= precision * coarsened(ratio);
}

const coarsened = (ratio) => (Math.abs(Math.log(ratio.value)) > its.CLEAR ? its.COARSER : 1);
