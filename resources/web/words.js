/** What a published page says of its cases, and how it puts them together. */

import { lookScore, median, speedup, verdict } from "./statistics.js";

/** What a case's shape is called beside the plan's others of its workload: `512` where all are squares or of one config, else in full. */
export function sizeWords(plan, one) {
  const { sizes, config, fixed } = one.shape;
  const short = ({ case: { workload, shape } }) => workload !== one.workload || shape.config || new Set(shape.sizes).size === 1;
  if (!plan.cases.every(short)) return sizes.join("x");
  return config ? `${config}:${sizes.slice(0, sizes.length - fixed).join("x")}` : `${sizes[0]}`;
}

/** `9.41 ms`; a dash where there is no time. @param {number | null} value */
export function secondsWords(value) {
  if (value === null) return "–";
  const [factor, unit] = value < 1e-6 ? [1e9, "ns"] : value < 1e-3 ? [1e6, "µs"] : value < 1 ? [1e3, "ms"] : [1, "s"];
  return `${digits(value * factor)} ${unit}`;
}

/** Significant digits with thousands, as `app/figures/units.py` writes them. @param {number} value */
export function digits(value, count = 3) {
  if (value === 0) return "0";
  const short = value.toExponential(count - 1);
  const power = +short.split("e")[1];
  if (power < -3 || power > 6) return short;
  const places = Math.max(0, count - 1 - power);
  return places ? (+short).toFixed(places) : `${+short}`.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `1.62×`. @param {number} value */
export const timesWords = (value) => (value < 0.001 ? `1/${digits(1 / value)}×` : `${digits(value)}×`);

/** Cases that share target, workload and shape, in order. */
export function groups(cases) {
  const found = new Map();
  for (const page of cases) {
    const key = JSON.stringify([page.case.target, page.case.workload, page.case.shape]);
    found.set(key, [...(found.get(key) ?? []), page]);
  }
  return [...found.values()];
}

/** Which case of a group the others are compared with; -1 if none. */
export function baseOf(plan, group) {
  const names = plan.bases.map(String);
  return group.findIndex((page) => names.includes(String([page.case.workload, page.runtime, page.case.variant])));
}

/** Samples by round. @returns {Map<number, number>} */
function byRound({ samples, stretches }) {
  const rounds = stretches.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i));
  return new Map(rounds.map((round, i) => [round, samples[i]]));
}

/** How many times faster than the baseline of its group, by the rounds that both took part in; null without any. */
export function speedupOver(base, measurement) {
  if (base?.status !== "ok" || measurement.status !== "ok") return null;
  return ratioOver(base, measurement)?.value ?? null;
}

/** The speedup with its interval, finished or not; null where the two share no round. */
export function ratioOver(base, measurement) {
  if (!base) return null;
  const [theirs, ours] = [byRound(base), byRound(measurement)];
  const rounds = [...ours.keys()].filter((round) => theirs.has(round));
  const score = lookScore(rounds.length, measurement.rounds || base.rounds);
  return speedup(rounds.map((round) => theirs.get(round)), rounds.map((round) => ours.get(round)), score);
}

/** `3.07× (3.01–3.13)`. @param {import("./statistics.js").Ratio} ratio */
export function ratioWords({ value, low, high }) {
  return low === null || high === null ? timesWords(value) : `${timesWords(value)} (${digits(low)}–${digits(high)})`;
}

/** The answer of a run: what is surely fastest of all, on a GPU where that can be said. */
export function finding(plan, found) {
  const pairs = groups(found).flatMap((group) => {
    const base = group[baseOf(plan, group)];
    return group.filter((one) => one !== base).map((one) => ({ one, base, ratio: ratioOver(base, one) }));
  });
  const known = pairs.filter(({ one, base, ratio }) => ratio && one.status === "ok" && base.status === "ok");
  const surely = known.filter(({ ratio }) => verdict(ratio) === "faster");
  if (!surely.length) {
    if (!known.length || known.some(({ ratio }) => verdict(ratio) === "not sure")) return "Not sure yet: more rounds will tell";
    return "Nothing here is faster than its baseline";
  }
  const worth = ({ one, ratio }) => [one.runtime === "wgsl" ? 1 : 0, ratio.low];
  surely.sort((a, b) => worth(b)[0] - worth(a)[0] || worth(b)[1] - worth(a)[1]);
  const [{ one, base, ratio }] = surely;
  const { value, low, high } = ratio;
  return `${one.case.variant} is ${timesWords(value)} faster than ${base.case.variant} (${digits(low)}–${digits(high)}) at ${sizeWords(plan, one.case)} on ${one.label}`;
}

/** Why cases have no figure, each reason once with those it is about. */
export function reasons(found) {
  const told = new Map();
  for (const { case: { variant }, status, reason } of found) {
    if (!reason) continue;
    const words = status === "ok" ? reason : `${status}: ${reason}`;
    told.set(words, [...(told.get(words) ?? []), variant]);
  }
  return [...told].map(([reason, names]) => `${[...new Set(names)].join(", ")}: ${reason}`);
}

/** The error of a result that is right; that of another only where it says why. */
export function errorWords(error, status) {
  if (error && error.relative_l2 === null) return "not finite";
  if (!error || status !== "ok") return "–";
  const value = error.relative_l2;
  return value === 0 ? "0" : value >= 1e-4 ? `${digits(100 * value, 2)} %` : value.toExponential(1);
}

/** The cells of a measurement's row. */
export function cells(plan, measurement, base) {
  const { case: one, status, samples, error } = measurement;
  const over = speedupOver(base, measurement);
  return [
    one.target,
    one.workload,
    one.variant,
    sizeWords(plan, one),
    status === "ok" ? secondsWords(median(samples)) : status,
    over ? timesWords(over) : "–",
    errorWords(error, status),
  ];
}

/** Why no case of the plan can run on these targets, in words; empty where one can. @param {object} plan @param {{ runtime: string }[]} targets */
export function whyNothing(plan, targets) {
  if (plan.cases.some((one) => targets.some(({ runtime }) => runtime === one.runtime))) return "";
  const gpu = plan.cases.some(({ runtime }) => runtime === "wgsl");
  return gpu
    ? "its kernels are for a GPU, and this browser gives no WebGPU adapter. Try another browser, or a newer one."
    : "this browser runs none of its kernels.";
}
