/** WebGPU in this browser: one device with every feature that a kernel may need, and kernels on it. */

import { Refusal } from "./refusal.js";
import { Compiler } from "./gpu-compiler.js";
import { stampClock, wallClock } from "./clock.js";
import { findAdapter, kindOf } from "./gpu-adapter.js";
import { batchesAhead } from "./gpu-batches.js";
import { transferKernel } from "./gpu-transfer.js";

const WANTED = /** @type {GPUFeatureName[]} */ (["shader-f16", "subgroups", "timestamp-query", "chromium-experimental-subgroup-matrix"]);

/** An open device; `lost` says why it is of no use any more. */
export class Gpu {
  /** @type {import("./clock.js").GpuClock} */
  clock;

  static async open() {
    const adapter = await findAdapter();
    if (!adapter) throw new Refusal("lost", "the browser gives no WebGPU adapter any more");
    /** @type {Record<string, number>} */
    const limits = {};
    for (const name in adapter.limits) {
      if (/storage|buffersize|compute/i.test(name)) limits[name] = adapter.limits[name];
    }
    const features = WANTED.filter((name) => adapter.features.has(name));
    const device = await adapter.requestDevice({ requiredFeatures: features, requiredLimits: limits });
    const gpu = new Gpu(adapter, device);
    gpu.clock = device.features.has("timestamp-query") ? await stampClock(device) : wallClock(device);
    return gpu;
  }

  /** @param {GPUAdapter} adapter @param {GPUDevice} device */
  constructor(adapter, device) {
    this.adapter = adapter;
    this.device = device;
    this.lost = "";
    this.onProcessor = kindOf(adapter) === "CPU";
    this.compiler = new Compiler(this);
    device.lost.then((info) => (this.lost = info.message || info.reason || "no reason given"));
    device.onuncapturederror = ({ error }) => (this.error = error.message);
    this.error = "";
  }

  /** Throw what went wrong since the last call and was nobody's. */
  check() {
    if (this.lost) throw new Refusal("lost", `the browser lost its GPU: ${this.lost.split("\n")[0]}`);
    const error = this.error;
    this.error = "";
    if (error) throw new Refusal("failed", error.split("\n")[0]);
  }

  /**
   * A kernel, compiled, uploaded and run once.
   * @param {import("./runner.js").GpuProgram} program
   * @param {Uint8Array<ArrayBuffer>[]} buffers the operands in binding order
   */
  async prepare(program, buffers) {
    this.check();
    for (const name of /** @type {GPUFeatureName[]} */ (program.requires)) {
      if (WANTED.includes(name) && !this.device.features.has(name)) {
        throw new Refusal("unsupported", `this browser has no ${name}`);
      }
    }
    checkLimits(program, this.device.limits);
    if (["upload", "download", "map"].includes(program.operation)) return transferKernel(this, program, buffers);
    const kernel = new GpuKernel(this, program);
    await kernel.start(buffers);
    return kernel;
  }

  /** Run `work` and throw what the browser has against it. @param {() => void} work */
  async guarded(work) {
    const { device } = this;
    device.pushErrorScope("out-of-memory");
    device.pushErrorScope("validation");
    work();
    const invalid = await device.popErrorScope();
    const full = await device.popErrorScope();
    this.check();
    if (full) throw new Refusal("limit", "no memory on the GPU for the operands");
    if (invalid) throw new Refusal("failed", invalid.message.split("\n")[0]);
  }

  /** What stands in `buffer`. @param {GPUBuffer} buffer @param {number} size */
  async read(buffer, size) {
    const { device } = this;
    const staging = device.createBuffer({ size: words(size), usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, words(size));
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const copy = new Uint8Array(staging.getMappedRange().slice(0, size));
    staging.destroy();
    this.check();
    return copy;
  }

  close() {
    this.device.destroy();
  }
}

/** A size in whole 32-bit words, as buffers need it. @param {number} size bytes */
export const words = (size, multiple = 4) => Math.ceil(Math.max(size, 1) / multiple) * multiple;

/** `bytes`, padded with zeros where they end within a word. @param {Uint8Array} bytes */
function wholeWords(bytes) {
  if (bytes.byteLength % 4 === 0) return bytes;
  const padded = new Uint8Array(words(bytes.byteLength));
  padded.set(bytes);
  return padded;
}

class GpuKernel {
  /** @param {Gpu} gpu @param {import("./runner.js").GpuProgram} program */
  constructor(gpu, program) {
    this.gpu = gpu;
    this.program = program;
    this.buffers = [];
    /** @type {{pipeline: GPUComputePipeline, groups: GPUBindGroup[], grid: [number, number, number]}[]} */
    this.steps = [];
    this.turn = 0;
    this.alone = program.operation === "dispatch";
    this.clock = this.alone ? wallClock(gpu.device) : gpu.clock;
    this.timer = this.alone ? "wall clock, each run submitted alone and awaited" : this.clock.name;
  }

  async start(buffers) {
    const compiled = await this.gpu.compiler.compile(this.program);
    const start = performance.now();
    try {
      await this.gpu.guarded(() => this.#upload(buffers, compiled.steps));
      await this.gpu.device.queue.onSubmittedWorkDone();
      const uploaded = performance.now();
      await this.gpu.guarded(() => {});
      await this.time(1);
      this.costs = {
        compile_s: compiled.seconds,
        upload_s: (uploaded - start) / 1000,
        first_run_s: (performance.now() - uploaded) / 1000,
      };
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Operands, once for each copy, then scratch and the result, which the copies share; and each step's bindings. */
  #upload(buffers, compiled) {
    const { program } = this;
    const { copies = 1 } = program;
    this.operands = Array.from({ length: copies }, () => buffers.map((bytes) => this.#buffer(bytes.byteLength, bytes)));
    const shared = this.buffers.length;
    for (const size of program.scratch) this.#buffer(size, new Uint8Array(words(size)));
    this.output = this.#buffer(program.output, new Uint8Array(words(program.output)).fill(0xff));
    const others = this.buffers.slice(shared);
    const groups = new Map();
    this.steps = program.steps.map((step, i) => {
      const { pipeline, layout } = compiled[i];
      const key = JSON.stringify([step.kinds, step.bindings, step.scalars]);
      if (!groups.has(key)) groups.set(key, this.#bind(step, layout, others));
      return { pipeline, groups: groups.get(key), grid: step.grid };
    });
  }

  /** Bindings for each copy of the operands, with the step's scalars as a uniform block. */
  #bind({ bindings, scalars }, layout, others) {
    const uniform = [];
    if (scalars.length) {
      const block = new Uint8Array(new Uint32Array(scalars).buffer);
      uniform.push({ buffer: this.#buffer(words(block.byteLength, 16), block, GPUBufferUsage.UNIFORM) });
    }
    return this.operands.map((own) => {
      const known = [...own, ...others];
      const bound = bindings.map(([number, offset, size]) => (size ? { buffer: known[number], offset, size: words(size) } : { buffer: known[number] }));
      const entries = [...bound, ...uniform].map((resource, binding) => ({ binding, resource }));
      return this.gpu.device.createBindGroup({ layout, entries });
    });
  }

  #buffer(size, bytes, kind = GPUBufferUsage.STORAGE) {
    const { device } = this.gpu;
    const usage = kind | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = device.createBuffer({ size: words(size), usage });
    this.buffers.push(buffer);
    device.queue.writeBuffer(buffer, 0, wholeWords(bytes));
    return buffer;
  }

  /** What adds a pass of `repeats` runs; each dispatch waits for the one before it. */
  #encode(repeats, steps = this.steps) {
    return (encoder, options) => this.#add(encoder, options, repeats, steps);
  }

  #add(encoder, options, repeats, steps) {
    const pass = encoder.beginComputePass(options);
    let bound, set;
    for (let i = 0; i < repeats; i++) {
      for (const { pipeline, groups, grid } of steps) {
        const group = groups[this.turn];
        if (group !== bound) pass.setBindGroup(0, (bound = group));
        if (pipeline !== set) pass.setPipeline((set = pipeline));
        pass.dispatchWorkgroups(...grid);
      }
      this.turn = (this.turn + 1) % this.operands.length;
    }
    pass.end();
  }

  /** Seconds of each step in `repeats` runs, each alone in a batch: browsers' stamps are too coarse for single ones. */
  async parts(repeats) {
    const seconds = [];
    for (const step of this.steps) {
      seconds.push(await this.clock.seconds(this.#encode(repeats, [step])));
    }
    this.gpu.check();
    return seconds;
  }

  /** Seconds that `repeats` runs took; 0 where the clock gave no data. */
  async time(repeats) {
    let seconds = 0;
    const batches = this.alone ? repeats : 1;
    for (let i = 0; i < batches; i++) {
      seconds += await this.clock.seconds(this.#encode(this.alone ? 1 : repeats));
    }
    this.gpu.check();
    return seconds;
  }

  /**
   * Whether its batches are given at once, and whether some may be encoded while others run: not where that takes
   * the very processor that runs them.
   */
  get batches() {
    const atOnce = !this.alone && this.clock.stamps;
    return { atOnce, ahead: atOnce && !this.gpu.onProcessor };
  }

  /** So many batches, for when what runs now is done. */
  ahead(repeats, batches) {
    return batchesAhead(this.gpu, this.clock, this.#encode(repeats), batches);
  }

  /** Be timed by the page's clock from now on; whether that is another clock. */
  fallBack() {
    if (this.alone || !this.clock.stamps) return false;
    if (this.gpu.clock.stamps) this.gpu.clock = wallClock(this.gpu.device);
    this.clock = this.gpu.clock;
    this.note = `${this.timer} gave no data any more: timed by the ${this.clock.name}`;
    this.timer = this.clock.name;
    return true;
  }

  /** Put operands in the place of those that they are to replace. @param {number[]} places @param {Uint8Array[]} buffers */
  async load(places, buffers) {
    const { queue } = this.gpu.device;
    for (const own of this.operands) {
      places.forEach((place, i) => queue.writeBuffer(own[place], 0, wholeWords(buffers[i])));
    }
  }

  async poison() {
    const { device } = this.gpu;
    device.queue.writeBuffer(this.output, 0, new Uint8Array(this.output.size).fill(0xff));
  }

  async result() {
    return this.gpu.read(this.output, this.program.output);
  }

  close() {
    for (const buffer of this.buffers) buffer.destroy();
    this.buffers = [];
  }
}

/** Refuse what the device cannot bind, dispatch or hold in a workgroup, naming the limit. */
function checkLimits({ needs }, limits) {
  for (const [name, need, what] of needs) {
    if (need > limits[name]) throw new Refusal("limit", `needs ${need} ${what}; ${name} is ${limits[name]}`);
  }
}
