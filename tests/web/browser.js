// What the page's modules need of a browser, made up: a clock that each look moves on, workers that run in
// their own scope, and a GPU whose every dispatch adds one to the first word of the result, and copies the
// first word of the first operand into its second.

let clock = 0;
const TICK = 0.001;
let stopped = false; // a GPU whose time stamps are all the same
globalThis.performance = { now: () => 1000 * (clock += TICK) };
globalThis.atob = (text) => given_atob(text);
globalThis.document = { hidden: false };
globalThis.URL = class {
  constructor(name) {
    this.name = name;
  }
};

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
function given_atob(text) {
  let [bits, size, out] = [0, 0, ""];
  for (const sign of text.replace(/=+$/, "")) {
    bits = (bits << 6) | BASE64.indexOf(sign);
    size += 6;
    if (size >= 8) out += String.fromCharCode((bits >> (size -= 8)) & 255);
  }
  return out;
}

const workers = [];
globalThis.Worker = class {
  constructor({ name }) {
    workers.push(this);
    this.ended = false;
    this.scope = {
      crossOriginIsolated: false,
      postMessage: (data) => Promise.resolve().then(() => this.ended || this.onmessage({ data })),
    };
    scripts[name](this.scope);
  }
  postMessage(data) {
    Promise.resolve().then(() => this.ended || this.scope.onmessage({ data }));
  }
  terminate() {
    this.ended = true;
  }
};

globalThis.GPUShaderStage = { COMPUTE: 4 };
globalThis.GPUMapMode = { READ: 1 };
globalThis.GPUBufferUsage = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128, QUERY_RESOLVE: 512 };

const devices = [];

class Device {
  lost = new Promise((resolve) => (this.lose = resolve));
  scopes = [];
  errors = []; // of which each scope that is popped takes one of its kind
  buffers = [];
  compiled = [];
  messages = [];
  destroyed = false;

  constructor(adapter, { requiredFeatures, requiredLimits }) {
    Object.assign(this, { adapter, features: new Set(requiredFeatures), limits: requiredLimits });
    devices.push(this);
  }

  queue = {
    submit: (commands) => commands.flat().forEach((command) => command()),
    writeBuffer: (buffer, at, bytes) => buffer.bytes.set(bytes, at),
    onSubmittedWorkDone: async () => {},
  };

  pushErrorScope(kind) {
    this.scopes.push(kind);
  }
  async popErrorScope() {
    const kind = this.scopes.pop();
    const at = this.errors.findIndex(([of]) => of === kind);
    return at < 0 ? null : { message: this.errors.splice(at, 1)[0][1] };
  }
  createBindGroupLayout({ entries }) {
    return entries.map(({ buffer }) => buffer.type);
  }
  createPipelineLayout({ bindGroupLayouts }) {
    return bindGroupLayouts;
  }
  createShaderModule({ code }) {
    this.compiled.push(code);
    return { getCompilationInfo: async () => ({ messages: this.messages.splice(0) }) };
  }
  async createComputePipelineAsync({ compute: { entryPoint } }) {
    if (entryPoint === "none") throw new Error("no such entry point");
    return entryPoint;
  }
  createComputePipeline({ compute: { entryPoint } }) {
    return Object.assign(new String(entryPoint), { getBindGroupLayout: () => ["storage"] });
  }
  createBuffer({ size, usage }) {
    const buffer = {
      size, usage, bytes: new Uint8Array(size), mapState: "unmapped", destroyed: false,
      mapAsync: async () => (buffer.mapState = "mapped"),
      getMappedRange: () => buffer.bytes.buffer,
      unmap: () => (buffer.mapState = "unmapped"),
      destroy: () => (buffer.destroyed = true),
    };
    this.buffers.push(buffer);
    return buffer;
  }
  createQuerySet({ count }) {
    return new BigUint64Array(count);
  }
  createBindGroup({ layout, entries }) {
    return entries.map(({ resource: { buffer } }, i) => ({ buffer, type: layout[i] }));
  }
  createCommandEncoder() {
    const commands = [];
    return {
      beginComputePass: ({ timestampWrites: stamps } = {}) => {
        let bound;
        let pipeline;
        const stamp = (at) => stamps && commands.push(() => (stamps.querySet[at] = stopped ? 7n : BigInt(Math.round(clock * 1e7)) * 100n));
        stamp(stamps?.beginningOfPassWriteIndex);
        return {
          setBindGroup: (_, group) => (bound = group),
          setPipeline: (entry) => (pipeline = entry),
          dispatchWorkgroups: (...grid) => {
            const [group, entry] = [bound, pipeline];
            commands.push(() => this.#dispatch(group, entry, grid));
          },
          end: () => stamp(stamps?.endOfPassWriteIndex),
        };
      },
      resolveQuerySet: (set, _, count, buffer) => commands.push(() => new BigUint64Array(buffer.bytes.buffer).set(set)),
      copyBufferToBuffer: (from, at, to, start, size) => commands.push(() => to.bytes.set(from.bytes.subarray(at, at + size), start)),
      finish: () => commands,
    };
  }
  #dispatch(group, entry, grid) {
    clock += 0.01;
    const word = ({ bytes }) => new Uint32Array(bytes.buffer);
    const result = word(group.findLast(({ type }) => type === "storage").buffer);
    result[0] += grid[0];
    if (result.length > 1) result[1] = word(group[0].buffer)[0];
    if (result.length > 2) result[2] = entry.length;
  }
  destroy() {
    this.destroyed = true;
  }
}

const adapter = {
  features: new Set(["subgroups", "timestamp-query", "made-up"]),
  limits: { maxBufferSize: 1 << 28, maxComputeWorkgroupsPerDimension: 65535, maxStorageBuffersPerShaderStage: 8, maxBindGroups: 4 },
  info: { vendor: "maker", architecture: "arch-1", device: "", description: "", subgroupMinSize: 4, subgroupMaxSize: 8 },
  requestDevice: async (asked) => new Device(adapter, asked),
};

globalThis.navigator = {
  hardwareConcurrency: 6,
  userAgent: "Mozilla/5.0 Firefox/140.0",
  userAgentData: {
    getHighEntropyValues: async () => ({
      fullVersionList: [
        { brand: "Not A Brand", version: "9" }, { brand: "Chromium", version: "144.0.1" }, { brand: "Google Chrome", version: "144.0.2" },
      ],
    }),
  },
  gpu: {
    requestAdapter: async () => adapter,
    wgslLanguageFeatures: new Set(["packed_4x8_integer_dot_product", "made_up_feature"]),
  },
};
