/** The order of the visits of a round: random, and the same for the same seed. */

/** Numbers from 0 to below 1 that a text decides: mulberry32, seeded by FNV-1a. @param {string} text */
export function randomBy(text) {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same in an order that a text decides (Fisher and Yates). @template T @param {T[]} list @param {string} text @returns {T[]} */
export function shuffled(list, text) {
  const [mixed, random] = [[...list], randomBy(text)];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}
