/** Is the result right, and what did the storage type cost? See `app/measure/verify.py`. */

import { elements } from "./elements.js";
import { method } from "./method.js";

/** Element by element, the answer in a raw result. */
export function answerIn(raw, index, dtype = "float32") {
  const result = elements(raw, dtype);
  return index ? (i) => result[index[i]] : (i) => result[i];
}

/** How far a raw result lies from the float64 references. */
export function compare(raw, { truth, stored, index, tolerance, weights, dtype }) {
  const at = answerIn(raw, index, dtype);
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

/** Whether a kernel computed what it should. */
export const acceptable = (error) =>
  error.kernel_relative_l2 !== null
  && error.kernel_relative_l2 <= error.tolerance
  && error.kernel_worst <= method.measurement.WORST_FACTOR * error.tolerance;

/** What is wrong with a result that is not acceptable, in one line. */
export function complaint(error) {
  if (error.kernel_relative_l2 === null) return "the result is not finite, or not all of it was written";
  return `relative error ${error.kernel_relative_l2.toExponential(1)} (worst element ${error.kernel_worst.toExponential(1)}) `
    + `exceeds the tolerance ${error.tolerance.toExponential(0)}`;
}
