/** Runs kernels: the same few steps for the socket's page and for a published one. */

import { Gpu } from "./gpu.js";
import { Refusal } from "./refusal.js";
import { Wasm } from "./wasm.js";

/**
 * A WGSL text or a module and where its operands lie: `GpuProgram` and `WasmProgram` in `messages.py`.
 * @typedef {object} GpuProgram
 * @property {"wgsl"} runtime
 * @property {string} title
 * @property {string[]} texts
 * @property {string[]} requires
 * @property {string} operation
 * @property {GpuStep[]} steps
 * @property {number[]} buffers
 * @property {number[]} scratch
 * @property {number} output
 * @property {number} [copies]
 * @property {[string, number, string][]} needs
 *
 * @typedef {object} GpuStep
 * @property {number} text
 * @property {string} entry
 * @property {[number, number, number]} grid
 * @property {GPUBufferBindingType[]} kinds
 * @property {[number, number, number][]} bindings
 * @property {number[]} scalars
 *
 * @typedef {object} WasmProgram
 * @property {"wasm"} runtime
 * @property {string} title
 * @property {string} operation
 * @property {number[]} pointers
 * @property {number} pages
 * @property {boolean} shared
 * @property {number} threads
 * @property {boolean} warm
 * @property {number[]} buffers
 * @property {number} output
 * @property {{entry: string, arguments: [number, boolean][], moved: number[]}[]} steps
 * @property {number} [copies]
 * @property {number} [stride]
 *
 * @typedef {object} PeerProgram
 * @property {"peer"} runtime
 * @property {string} title
 * @property {"onnx" | "tfjs"} library
 * @property {string} backend
 * @property {number} threads
 * @property {string} module
 * @property {[string, string, number[]][]} operands
 * @property {number[]} buffers
 * @property {number} output
 * @property {boolean} wide
 *
 * @typedef {GpuProgram | WasmProgram | PeerProgram} Program
 */

/**
 * A case of `plan.json`.
 * @typedef {{program: Program, runtime: "wgsl" | "wasm", buffers: string[]}} Case
 */

/**
 * What measuring needs of a kernel.
 * @typedef {object} Kernel
 * @property {(repeats: number) => Promise<number>} time seconds of so many runs
 * @property {(places: number[], buffers: Uint8Array[]) => Promise<void>} load
 * @property {() => Promise<Uint8Array>} result
 */

/** Only a page that is driven has any. */
async function libraries() {
  const { Peers } = await import("./peers.js");
  return new Peers();
}

/** Kernels by number, and the devices they live on; devices open when first needed. */
export class Runner {
  #devices = new Map();
  #kernels = new Map();
  #ended = false;

  /**
   * Compile, upload and run once.
   * @param {number} number what the kernel is called from here on
   * @param {Program} program
   * @param {Uint8Array[]} buffers
   */
  async prepare(number, program, buffers) {
    const device = await this.#device(program.runtime);
    const kernel = await device.prepare(program, buffers);
    if (this.#ended) kernel.close();
    else this.#kernels.set(number, kernel);
    return { timer: kernel.timer, costs: kernel.costs, batches: this.batches(number) };
  }

  async #device(runtime) {
    const known = this.#devices.get(runtime);
    if (known && !known.lost) return known;
    const device = runtime === "wgsl" ? await Gpu.open() : runtime === "wasm" ? new Wasm() : await libraries();
    this.#devices.set(runtime, device);
    return device;
  }

  #kernel(number) {
    const kernel = this.#kernels.get(number);
    if (!kernel) throw new Refusal("lost", "the page has forgotten this kernel");
    return kernel;
  }

  /** Seconds that so many runs took. */
  time(number, repeats) {
    return this.#kernel(number).time(repeats);
  }

  /** Whether batches of it are given at once, and whether some may be encoded while others run. */
  batches(number) {
    return this.#kernels.get(number)?.batches ?? { atOnce: false, ahead: false };
  }

  /** Seconds of each of so many batches, given at once. */
  each(number, repeats, batches) {
    const ready = this.ahead(number, repeats, batches);
    ready.submit();
    return ready.seconds();
  }

  /** So many batches, encoded for when what runs now is done. @returns {import("./clock.js").Batches} */
  ahead(number, repeats, batches) {
    return this.#kernel(number).ahead(repeats, batches);
  }

  /** Seconds of each step in so many runs. */
  parts(number, repeats) {
    return this.#kernel(number).parts(repeats);
  }

  /** Have it timed by another clock from now on: which, why, and its step in seconds; null where it has no other. */
  fallBack(number) {
    const kernel = this.#kernel(number);
    if (!kernel.fallBack?.()) return null;
    return { timer: kernel.timer, note: kernel.note, step: kernel.clock.step };
  }

  /** Put operands, by their places among the operands, in the place of others. */
  load(number, places, buffers) {
    return this.#kernel(number).load(places, buffers);
  }

  /** Overwrite the result with NaN. */
  poison(number) {
    return this.#kernel(number).poison();
  }

  /** The bytes of the latest result. */
  result(number) {
    return this.#kernel(number).result();
  }

  close(number) {
    this.#kernels.get(number)?.close();
    this.#kernels.delete(number);
  }

  /** Give everything back, for good. */
  end() {
    this.#ended = true;
    for (const number of [...this.#kernels.keys()]) this.close(number);
    for (const device of this.#devices.values()) device.close();
    this.#devices.clear();
  }
}
