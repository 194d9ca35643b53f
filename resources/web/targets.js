/** What this browser can do, as targets in the words of Kernelscope's sessions. */

import { Gpu } from "./gpu.js";
import { findAdapter, kindOf } from "./gpu-adapter.js";
import { probe } from "./wasm.js";

const FEATURES = [
  "core-features-and-limits", "depth-clip-control", "depth32float-stencil8", "texture-compression-bc",
  "texture-compression-bc-sliced-3d", "texture-compression-etc2", "texture-compression-astc",
  "texture-compression-astc-sliced-3d", "timestamp-query", "indirect-first-instance", "shader-f16",
  "rg11b10ufloat-renderable", "bgra8unorm-storage", "float32-filterable", "float32-blendable",
  "clip-distances", "dual-source-blending", "subgroups", "texture-formats-tier1", "texture-formats-tier2",
  "primitive-index", "texture-component-swizzle",
];
const LANGUAGE = {
  packed_4x8_integer_dot_product: "dot4U8Packed and dot4I8Packed: four 8-bit products an instruction",
  readonly_and_readwrite_storage_textures: "storage textures that are read",
  unrestricted_pointer_parameters: "pointers to workgroup and storage memory as parameters",
  pointer_composite_access: "member access through a pointer without dereferencing it",
};
const MATRIX = "chromium-experimental-subgroup-matrix";
const MATRIX_PAIRS = { f16: "f32", i8: "i32", u8: "u32" };

/** Brands that browsers of one engine hide behind, most telling first. */
const NAMES = ["Microsoft Edge", "Opera", "Brave", "Google Chrome", "Chromium"];
const FAMILIES = { "Microsoft Edge": "edge", Opera: "opera", Brave: "brave", Firefox: "firefox", Safari: "safari" };

/** Name, family and full version of this browser. */
export async function whoAmI() {
  const data = navigator.userAgentData;
  if (data) {
    const { fullVersionList } = await data.getHighEntropyValues(["fullVersionList"]);
    const found = NAMES.map((name) => fullVersionList.find(({ brand }) => brand === name)).find(Boolean);
    if (found) return { name: found.brand.replace(/^(Google|Microsoft) /, ""), family: FAMILIES[found.brand] ?? "chrome", version: found.version };
  }
  const agent = navigator.userAgent;
  const found = agent.match(/(?<name>Firefox|Edg|Chrome)\/(?<version>[\d.]+)/) ?? agent.match(/Version\/(?<version>[\d.]+).*(?<name>Safari)/);
  const { name, version } = found?.groups ?? { name: "Browser", version: "0" };
  return { name, family: FAMILIES[name] ?? name.toLowerCase(), version };
}

const COMPILERS = { Firefox: "naga", Safari: "WebKit's own" };

/**
 * Every target of this browser, and the steps of their clocks.
 * @param {{proposals: object[], group: string}} setup what probes there are; see `setup.py`
 */
export async function findTargets(setup) {
  const browser = await whoAmI();
  const gpu = await gpuTarget(browser);
  return { browser, targets: [...(gpu ? [gpu] : []), await wasmTarget(browser, setup)] };
}

async function gpuTarget(browser) {
  const adapter = await findAdapter();
  if (!adapter) return null;
  const { info } = adapter;
  const name = info.description || [info.vendor, info.architecture, info.device].filter(Boolean).join(" ") || "unnamed adapter";
  const short = (info.architecture || info.vendor || "gpu").toLowerCase();
  const gpu = await Gpu.open();
  const compiler = COMPILERS[browser.name] ?? "Tint (Dawn)";
  const size = info.subgroupMinSize === info.subgroupMaxSize ? info.subgroupMinSize : `${info.subgroupMinSize} to ${info.subgroupMaxSize}`;
  const target = {
    id: `${browser.family}-${short}`.replace(/[^a-z0-9.]+/g, "-"),
    label: `${short === "gpu" ? "GPU" : short} (${browser.name})`,
    engine: "browser",
    runtime: "wgsl",
    name,
    backend: info.backend || "WebGPU",
    driver: info.driver || `${browser.name} ${browser.version}`,
    kind: kindOf(adapter),
    features: [...webFeatures(adapter), ...languageFeatures(), ...beyond(adapter)],
    limits: { ...limitsOf(adapter), ...subgroupLimits(adapter) },
    properties: {
      vendor: info.vendor || "unknown",
      browser: `${browser.name} ${browser.version}`,
      timer: gpu.clock.name,
      "clock step": stepWords(gpu.clock.step),
      ...(adapter.features.has("subgroups") && size ? { "subgroup size": `${size} lanes (told by the browser)` } : {}),
      "shader compiler": compiler,
    },
    clock_step: gpu.clock.step,
  };
  gpu.close();
  return target;
}

const stepWords = (/** @type {number} */ seconds) => `${+(seconds * 1e6).toPrecision(3)} µs`;

function limitsOf(adapter) {
  const limits = {};
  for (const name in adapter.limits) limits[name] = adapter.limits[name];
  return Object.fromEntries(Object.entries(limits).sort());
}

const feature = (name, state, reason, unlock = "", more = {}) => ({ name, state, reason, unlock, ...more });

function webFeatures(adapter) {
  return FEATURES.map((name) => adapter.features.has(name)
    ? feature(name, "supported", "offered by the browser")
    : feature(name, "missing", "the browser does not offer it here", "another GPU, a newer driver or browser"));
}

function languageFeatures() {
  const group = "WGSL language features";
  const others = [...(navigator.gpu.wgslLanguageFeatures ?? [])].filter((name) => !(name in LANGUAGE)).sort();
  const known = Object.entries(LANGUAGE).map(([name, use]) => navigator.gpu.wgslLanguageFeatures?.has(name)
    ? feature(name, "supported", `listed by the browser; ${use}`, "", { group })
    : feature(name, "missing", "the browser does not list it", "a newer browser", { group }));
  return [...known, ...others.map((name) => feature(name, "supported", "listed by the browser", "", { group }))];
}

/** Matrix multiplication by a whole subgroup, which browsers only offer when asked to experiment. */
function beyond(adapter) {
  const group = "Experimental";
  const configs = adapter.features.has(MATRIX) ? matrixConfigs(adapter) : [];
  const told = configs.map((c) => `${c.M}x${c.N}x${c.K} ${c.componentType} to ${c.resultComponentType}`);
  const pairs = Object.entries(MATRIX_PAIRS).map(([type, result]) => {
    const config = matrixConfig(adapter, type);
    return config
      ? feature(`cooperative-${type}`, "supported", `tiles of ${config.M}x${config.N}x${config.K} to ${result}`, "", { group })
      : feature(`cooperative-${type}`, "missing", `the adapter multiplies no ${type} to ${result}`, "another GPU or driver", { group });
  });
  const others = [...adapter.features].filter((name) => name !== MATRIX && !FEATURES.includes(name)).sort();
  return [
    configs.length
      ? feature("cooperative-matrix", "supported", `${MATRIX}: ${[...new Set(told)].join(", ")}`, "", { group })
      : feature("cooperative-matrix", "missing", `the browser does not offer ${MATRIX} here`,
        "Chrome with --enable-unsafe-webgpu (Add browser: experimental features) on a GPU with matrix units", { group }),
    ...pairs,
    ...others.map((name) => feature(name, "supported", "offered by the browser", "", { group })),
    feature("trusted-shaders", "missing", "browsers always check bounds and guard loops", "the same GPU outside a browser", { group }),
  ];
}

/** Tile sizes and types that the adapter multiplies. @param {GPUAdapter} adapter */
function matrixConfigs(adapter) {
  return [...(adapter.info.subgroupMatrixConfigs ?? [])];
}

/** The first that multiplies `type` to what its kernel adds up in. */
function matrixConfig(adapter, type) {
  if (!adapter.features.has(MATRIX)) return undefined;
  return matrixConfigs(adapter).find((c) => c.componentType === type && c.resultComponentType === MATRIX_PAIRS[type]);
}

/** What kernels on subgroups have to fit: lanes, and the sizes of tiles. */
function subgroupLimits(adapter) {
  const { subgroupMinSize, subgroupMaxSize } = adapter.info;
  const limits = subgroupMaxSize ? { subgroupMinSize, subgroupMaxSize } : {};
  for (const type in MATRIX_PAIRS) {
    const config = matrixConfig(adapter, type);
    for (const side of config ? ["M", "N", "K"] : []) limits[`subgroupMatrix${type.toUpperCase()}${side}`] = config[side];
  }
  return limits;
}

async function wasmTarget(browser, setup) {
  const { answers, step } = await probe(setup.proposals.map(({ name, binary, refused }) => ({ name, binary: binary && bytesOf(binary), refused })));
  const threads = answers.threads?.runs ? navigator.hardwareConcurrency : 1;
  return {
    id: `${browser.family}-wasm`,
    label: `Wasm (${browser.name})`,
    engine: "browser",
    runtime: "wasm",
    name: `WebAssembly in ${browser.name} ${browser.version}`,
    backend: { Firefox: "SpiderMonkey", Safari: "JavaScriptCore" }[browser.name] ?? "V8",
    driver: `${browser.name} ${browser.version}`,
    kind: "CPU",
    features: [
      ...setup.proposals.map(({ name, phase, use, probe: text }) => feature(
        name, answers[name].runs ? "supported" : "missing", answers[name].reason, "",
        { group: setup.group, phase, use, probe: text },
      )),
      feature("fibers", "missing", "a browser suspends a module by JSPI; it has no fibers for its host", "", { group: "Engine abilities" }),
    ],
    limits: {},
    properties: {
      browser: `${browser.name} ${browser.version}`,
      threads: String(threads),
      cores: String(navigator.hardwareConcurrency),
      "cross-origin isolated": globalThis.crossOriginIsolated ? "yes" : "no: no threads, and a coarser clock",
      "clock step": stepWords(step),
      "tier-up": "warmed before timing; the first run is the quick compiler's",
    },
    clock_step: step,
  };
}

const bytesOf = (/** @type {string} */ base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
