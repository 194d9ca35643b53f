/** A published plan: runs it in this browser, shows what came of it, and offers it as a session file. */

import { measureGroup } from "./measure.js";
import { Runner } from "./runner.js";
import { findTargets } from "./targets.js";

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

const sides = ({ rows, columns, depth }) => [rows, columns, depth].filter(Boolean);

/** What a case's shape is called beside the plan's others of its workload: `512` where all are squares, else in full. */
function sizeWords(plan, one) {
  const square = ({ case: { workload, shape } }) => workload !== one.workload || new Set(sides(shape)).size === 1;
  return plan.cases.every(square) ? `${one.shape.rows}` : sides(one.shape).join("x");
}

function seconds(value) {
  if (value === null) return "–";
  const [factor, unit] = value < 1e-6 ? [1e9, "ns"] : value < 1e-3 ? [1e6, "µs"] : value < 1 ? [1e3, "ms"] : [1, "s"];
  return `${+(value * factor).toPrecision(3)} ${unit}`;
}

function median(samples) {
  if (!samples.length) return null;
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The error of a result that is right; that of another only where it says why. */
function errorWords(error, status) {
  if (error && error.relative_l2 === null) return "not finite";
  return error && status === "ok" ? error.relative_l2.toExponential(1) : "–";
}

/** Shows measurements as they come; a time is over the base line of its own group. */
function addRow(plan, measurement, base) {
  const { case: one, status, reason, error } = measurement;
  const time = status === "ok" ? median(measurement.samples) : null;
  const over = time && base ? `${+(base / time).toPrecision(3)}x` : "–";
  const cells = [one.target, one.workload, one.variant, sizeWords(plan, one), time ? seconds(time) : status,
    over, errorWords(error, status), reason];
  const row = $("rows").insertRow();
  for (const text of cells) row.insertCell().textContent = text;
  row.dataset.status = status;
}

/** Cases that share target, workload and shape, in order. */
function groups(cases) {
  const found = new Map();
  for (const page of cases) {
    const key = JSON.stringify([page.case.target, page.case.workload, page.case.shape]);
    found.set(key, [...(found.get(key) ?? []), page]);
  }
  return [...found.values()];
}

const now = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");

function session(plan, targets, browser, measurements) {
  return {
    schema_version: plan.schema_version,
    app_version: plan.app_version,
    created: now(),
    host: {
      system: navigator.userAgentData?.platform || navigator.platform || "unknown",
      processor: "not told by the browser",
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

async function run(plan, browser, targets) {
  const runner = new Runner();
  const measurements = [];
  for (const group of groups(plan.cases)) {
    const target = targets.find(({ runtime }) => runtime === group[0].runtime);
    if (!target) continue;
    $("state").textContent = `Running ${group[0].case.workload} ${sizeWords(plan, group[0].case)} on ${target.label}: ${measurements.length} of ${plan.cases.length} are done.`;
    const done = await measureGroup(runner, group, measurements.length, target, data, plan.plan.settings, () => {});
    const wanted = plan.plan.baseline.split(",");
    const base = done.find((one) => wanted.includes(one.case.variant) && one.status === "ok") ?? done.find((one) => one.status === "ok");
    for (const measurement of done) addRow(plan, measurement, base && median(base.samples));
    measurements.push(...done);
    data.known.clear();
  }
  runner.end();
  const used = targets.filter(({ id }) => measurements.some((one) => one.case.target === id));
  return session(plan, used, browser, measurements);
}

async function main() {
  const [plan, setup] = [await json("plan.json"), await json("setup.json")];
  const { browser, targets } = await findTargets(setup);
  $("targets").textContent = targets.map(({ label, driver }) => `${label}, ${driver}`).join(" · ");
  if (!targets.some(({ runtime }) => runtime === "wgsl")) $("note").textContent = "This browser gives no WebGPU adapter, so only WebAssembly runs here.";
  $("state").textContent = `${plan.cases.length} cases, at most ${plan.plan.settings.seconds} s of measuring each.`;
  const start = /** @type {HTMLButtonElement} */ ($("start"));
  start.disabled = false;
  start.onclick = async () => {
    start.disabled = true;
    $("table").hidden = false;
    $("rows").replaceChildren();
    document.body.dataset.state = "busy";
    try {
      offer(await run(plan, browser, targets));
      document.body.dataset.state = "ready";
      $("state").textContent = "Done. Save the session and open it in Kernelscope, or send it to whoever asked for it.";
    } catch (error) {
      document.body.dataset.state = "lost";
      $("state").textContent = `It ended early: ${error.message}`;
    }
    start.disabled = false;
  };
}

main().catch((error) => {
  document.body.dataset.state = "lost";
  $("state").textContent = `This page cannot run: ${error.message}`;
});
