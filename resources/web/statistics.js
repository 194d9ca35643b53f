/** Speedups of samples that were taken in turn, and what may be said of them: see `app/figures/statistics.py`. */

import { method } from "./method.js";

const its = method.statistics;

/** A speedup with its interval; null bounds where samples are too few. @typedef {{value: number, low: number | null, high: number | null}} Ratio */

const ascending = (/** @type {number[]} */ values) => [...values].sort((a, b) => a - b);

/** The middle one, or the mean of the middle two; null of none. @param {number[]} values */
export function median(values) {
  if (!values.length) return null;
  const sorted = ascending(values);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The 95 % interval of the median, distribution-free; null where samples are too few. @param {number[]} samples */
export function medianInterval(samples) {
  if (samples.length < its.FEWEST_SAMPLES) return null;
  const sorted = ascending(samples);
  const k = Math.trunc(rank(sorted.length, its.Z95));
  return [sorted[k - 1], sorted[sorted.length - k]];
}

/**
 * How many times faster `other` is than `base`, from samples of the same rounds; null without any.
 * @param {number[]} base
 * @param {number[]} other
 * @param {number} score the normal score of the interval
 * @returns {Ratio | null}
 */
export function speedup(base, other, score = its.Z95) {
  if (!base.length) return null;
  const logs = ascending(base.map((one, i) => Math.log(one / other[i])));
  const n = logs.length;
  const value = Math.exp(median(logs));
  if (n < its.FEWEST_SAMPLES) return { value, low: null, high: null };
  const place = rank(n, score);
  const whole = Math.trunc(place);
  const part = place - whole;
  const low = logs[whole - 1] + part * (logs[whole] - logs[whole - 1]);
  const high = logs[n - whole] - part * (logs[n - whole] - logs[n - whole - 1]);
  return { value, low: Math.exp(low), high: Math.exp(high) };
}

/** The place, from 1, of the lower bound among `n` sorted figures; the upper is as far from the top. */
export function rank(n, score) {
  const level = errorFunction(score / Math.SQRT2);
  let missed = 0; // the probability that the median lies outside the k-th smallest and k-th largest
  for (let k = 1; k <= n >> 1; k++) {
    missed += 2 * binomial(n, k - 1);
    const surplus = 1 - missed - level;
    const shortfall = level - (1 - missed - 2 * binomial(n, k));
    if (surplus < 0) return 1;
    if (shortfall > 0) {
      const share = surplus / (surplus + shortfall);
      return k + ((n - k) * share) / (k + (n - 2 * k) * share);
    }
  }
  return Math.max(1, n / 2);
}

/** The chance of `k` heads in `n` throws of a coin. */
function binomial(n, k) {
  let log = -n * Math.LN2;
  for (let i = 1; i <= k; i++) log += Math.log((n - k + i) / i);
  return Math.exp(log);
}

/** The chance that a normal figure lies within `x` times the root of two: a series of positive terms. */
function errorFunction(x) {
  let [term, sum] = [x, 0];
  for (let i = 1; sum + term !== sum; i++) {
    sum += term;
    term *= (2 * x * x) / (2 * i + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** The normal score of an interval after `rounds` of at most `planned`, valid whenever one stops. */
export function lookScore(rounds, planned) {
  if (!planned) return its.Z95;
  return its.LOOKS_SCORE * Math.max(rounds / planned, its.EARLIEST_LOOK) ** its.LOOKS_EXPONENT;
}

/** Half an interval over its middle; infinite where there is none. */
export const halfWidth = (low, high) => (low === null || high === null ? Infinity : (high - low) / (high + low));

/** Where all of a speedup's interval lies: see `app/figures/verdict.py`. @param {Ratio | null} ratio */
export function verdict(ratio) {
  if (!ratio) return "no data";
  const { low, high } = ratio;
  if (low === null || high === null) return "not sure";
  const bound = 1 + method.verdict.MARGIN;
  if (low > bound) return "faster";
  if (high < 1 / bound) return "slower";
  return low >= 1 / bound && high <= bound ? "same" : "not sure";
}
