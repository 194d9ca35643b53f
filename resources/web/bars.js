/** Bars of a published page: a group per target, workload and size, a bar per variant, which grow while it runs. */

import { median } from "./statistics.js";
import { baseOf, ratioOver, ratioWords, secondsWords, sizeWords } from "./words.js";

/** The least time between two drawings, in milliseconds: drawing disturbs what is measured. */
const PAUSE = 150;

const made = (/** @type {string} */ tag, /** @type {string} */ name, /** @type {string} */ text = "") => {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
};

/** The bars of one group, all there from the start. */
export class Bars {
  #drawn = 0;
  #plan;
  #rows;
  #base;

  /**
   * @param {HTMLElement} place
   * @param {object} plan
   * @param {object[]} group cases of the plan
   * @param {{label: string}} target
   */
  constructor(place, plan, group, target) {
    this.#plan = plan;
    this.#base = baseOf(plan, group);
    const [{ case: one }] = group;
    const section = made("section", "group");
    section.append(made("h2", "", `${one.workload} ${sizeWords(plan, one)} on ${target.label}`));
    this.#rows = group.map((page, i) => {
      const row = made("div", "bar");
      const [name, track, words] = [made("span", "name", page.case.variant), made("span", "track"), made("span", "words", "waiting")];
      const [bar, whisker] = [made("i", "value"), made("i", "whisker")];
      track.append(bar, whisker);
      row.append(name, track, words);
      row.classList.toggle("base", i === this.#base);
      section.append(row);
      return { row, bar, whisker, words };
    });
    place.append(section);
    section.scrollIntoView({ block: "nearest" });
  }

  /** Draw what is known of the group so far, unless that was done a moment ago. */
  show(measurements, whole = false) {
    if (!whole && performance.now() - this.#drawn < PAUSE) return;
    this.#drawn = performance.now();
    const base = measurements[this.#base];
    const ratios = measurements.map((one) => (one.samples.length && base?.samples.length ? ratioOver(base, one) : null));
    const most = Math.max(2, ...ratios.map((ratio) => ratio?.high ?? ratio?.value ?? 0));
    measurements.forEach((one, i) => this.#draw(this.#rows[i], one, ratios[i], most, i === this.#base, whole));
  }

  #draw({ row, bar, whisker, words }, one, ratio, most, isBase, whole) {
    const good = one.status === "ok" || (one.status === "cancelled" && !whole);
    const time = one.samples.length ? secondsWords(median(one.samples)) : "";
    row.classList.toggle("none", !good);
    bar.style.width = good && ratio ? `${(100 * ratio.value) / most}%` : "0";
    const [low, high] = good && ratio && !isBase && ratio.low !== null ? [ratio.low, ratio.high] : [0, 0];
    whisker.style.left = `${(100 * low) / most}%`;
    whisker.style.width = `${(100 * (high - low)) / most}%`;
    if (!good) words.textContent = one.status === "cancelled" ? "stopped" : one.status;
    else if (isBase) words.textContent = time ? `baseline, ${time}` : "compiling";
    else words.textContent = ratio ? ratioWords(ratio) : time || (one.kernel ? "sampling" : "waiting");
  }
}
