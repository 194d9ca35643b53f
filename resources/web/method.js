/** The numbers of the method: `app/storage/method.py` takes them from where Python keeps them. */

/**
 * By the module of the program that says what each is for, and by its name there.
 * @type {Record<string, Record<string, any>>}
 */
export const method = {
  calibrate: {}, visits: {}, warm: {}, sampling: {}, stopping: {}, verify: {}, statistics: {}, verdict: {}, measurement: {},
};

/** Take over the numbers that a plan brings. @param {Record<string, Record<string, any>>} given */
export function take(given) {
  for (const [name, numbers] of Object.entries(given)) Object.assign(method[name], numbers);
}

/** The whole number nearest to `value`, of two as near the even one, as Python's `round` has it. */
export function nearest(/** @type {number} */ value) {
  const whole = Math.floor(value);
  const rest = value - whole;
  return rest > 0.5 || (rest === 0.5 && whole % 2) ? whole + 1 : whole;
}
