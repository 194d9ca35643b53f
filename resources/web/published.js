/** A published plan: runs it in this browser, shows what came of it, and offers it as a session file. */

import { Bars } from "./bars.js";
import { measureGroup } from "./measure.js";
import { take } from "./method.js";
import { Runner } from "./runner.js";
import { findTargets } from "./targets.js";
import { baseOf, cells, finding, groups, reasons, whyNothing } from "./words.js";

const $ = (/** @type {string} */ id) => document.getElementById(id);

const json = async (/** @type {string} */ name) => (await fetch(name)).json();

/** The files of `data/`, each loaded once and handed out as a copy, for kernels keep what they get. */
const data = {
  known: new Map(),
  async bytes(name) {
    if (!data.known.has(name)) {
      const answer = await fetch(`data/${name}`);
      if (!answer.ok) throw new Error(`data/${name} does not load (${answer.status})`);
      data.known.set(name, new Uint8Array(await answer.arrayBuffer()));
    }
    return data.known.get(name).slice();
  },
};

/** Shows a measurement in the words of the table. */
function addRow(plan, measurement, base) {
  const row = /** @type {HTMLTableSectionElement} */ ($("rows")).insertRow();
  const heads = [...document.querySelectorAll("#table th")].map((head) => head.textContent ?? "");
  cells(plan, measurement, base).forEach((text, i) => {
    const cell = row.insertCell();
    cell.textContent = text;
    cell.dataset.head = heads[i];
  });
  row.dataset.status = measurement.status;
}

const now = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");

function session(plan, targets, browser, measurements) {
  return {
    schema_version: plan.schema_version,
    app_version: plan.app_version,
    created: now(),
    host: {
      system: navigator.userAgentData?.platform || navigator.platform || "unknown",
      processor: /** @type {HTMLInputElement} */ ($("name")).value.trim() || "not told by the browser",
      cores: navigator.hardwareConcurrency || 1,
      memory: (navigator.deviceMemory ?? 0) * 2 ** 30,
      python: "",
      versions: { [browser.name.toLowerCase()]: browser.version },
    },
    targets,
    variants: plan.variants,
    plan: { ...plan.plan, cases: measurements.map((measurement) => measurement.case) },
    kernels: plan.kernels,
    measurements,
  };
}

function offer(value) {
  const blob = new Blob([JSON.stringify(value, null, 1)], { type: "application/json" });
  const link = /** @type {HTMLAnchorElement} */ ($("save"));
  link.href = URL.createObjectURL(blob);
  link.download = `${value.targets[0].id}-${value.created.slice(0, 10)}.kernelscope.json`;
  link.hidden = false;
}

/** What was measured, and how far a run came. */
const told = { stopped: false, done: 0, of: 0 };

/** Say what is found so far: the answer, and each reason once. */
function conclude(plan, found) {
  $("finding").textContent = finding(plan, found);
  $("reasons").replaceChildren(...reasons(found).map((text) => Object.assign(document.createElement("li"), { textContent: text })));
}

async function run(plan, browser, targets) {
  const runner = new Runner();
  const measurements = [];
  const found = [];
  const runs = groups(plan.cases).filter(([{ runtime }]) => targets.some((target) => target.runtime === runtime));
  Object.assign(told, { stopped: false, done: 0, of: runs.flat().length });
  for (const [life, group] of runs.entries()) {
    if (told.stopped) break;
    const target = targets.find(({ runtime }) => runtime === group[0].runtime);
    const base = baseOf(plan, group);
    const bars = new Bars($("bars"), plan, group, target);
    $("state").textContent = `${measurements.length} of ${told.of} measured`;
    const watch = { round: (seen) => bars.show(seen), stopped: () => told.stopped };
    const done = await measureGroup(runner, group, base, measurements.length, life, target, data, plan.plan.settings, watch);
    bars.show(done, true);
    for (const measurement of done) addRow(plan, measurement, done[base]);
    measurements.push(...done);
    found.push(...done.map((one, i) => ({ ...one, runtime: group[i].runtime, label: target.label })));
    told.done = measurements.filter(({ status }) => status !== "cancelled").length;
    conclude(plan, found);
    data.known.clear();
  }
  runner.end();
  const used = targets.filter(({ id }) => measurements.some((one) => one.case.target === id));
  return session(plan, used, browser, measurements);
}

async function main() {
  const [plan, setup] = [await json("plan.json"), await json("setup.json")];
  take(plan.constants);
  const { browser, targets } = await findTargets(setup);
  $("targets").textContent = targets.map(({ label, driver }) => `${label}, ${driver}`).join(" · ");
  if (!targets.some(({ runtime }) => runtime === "wgsl")) $("note").textContent = "This browser gives no WebGPU adapter, so only WebAssembly runs here.";
  const nothing = whyNothing(plan, targets);
  if (nothing) throw new Error(nothing);
  $("state").textContent = `${plan.cases.length} cases, at most ${plan.plan.settings.seconds} s of measuring each.`;
  const start = /** @type {HTMLButtonElement} */ ($("start"));
  start.disabled = false;
  const stop = /** @type {HTMLButtonElement} */ ($("stop"));
  stop.onclick = () => {
    told.stopped = stop.disabled = true;
  };
  start.onclick = async () => {
    start.disabled = true;
    stop.hidden = stop.disabled = false;
    $("all").hidden = false;
    for (const name of ["rows", "bars", "reasons"]) $(name).replaceChildren();
    document.body.dataset.state = "busy";
    try {
      offer(await run(plan, browser, targets));
      document.body.dataset.state = "ready";
      $("state").textContent = `${told.stopped ? `${told.done} of ${told.of} measured, stopped.` : "Done."} Save the session and open it in Kernelscope, or send it to whoever asked for it.`;
    } catch (error) {
      document.body.dataset.state = "lost";
      $("state").textContent = `It ended early: ${error.message}`;
    }
    start.disabled = false;
    stop.hidden = true;
  };
}

main().catch((error) => {
  document.body.dataset.state = "lost";
  $("state").textContent = `This page cannot run: ${error.message}`;
});
