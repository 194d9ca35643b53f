/** WebAssembly in this browser: each module in a Web Worker of its own, so that one that traps or hangs ends alone. */

import { Refusal } from "./refusal.js";

/** A worker that answers one request after the other. */
export class Asked {
  /** @param {URL} script @param {WorkerType} type */
  constructor(script = new URL("wasm-worker.js", import.meta.url), type = "module") {
    this.worker = new Worker(script, { type });
    this.worker.onmessage = ({ data }) => this.#settle(data);
    this.worker.onerror = (event) => this.#settle({ refusal: { kind: "failed", message: event.message || "the worker does not start" } });
  }

  /** @param {{value?: any, refusal?: any}} answer */
  #settle({ value, refusal }) {
    const { resolve, reject } = this.waiting;
    if (refusal) reject(new Refusal(refusal.kind, refusal.message, refusal.line, refusal.column, refusal.byte));
    else resolve(value);
  }

  /** @param {string} task @param {any} [given] @param {Transferable[]} [transfer] @returns {Promise<any>} */
  ask(task, given = {}, transfer = []) {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.worker.postMessage({ task, given }, transfer);
    });
  }

  end() {
    this.worker.terminate();
  }
}

/** Runs nothing by itself; its kernels do. */
export class Wasm {
  /**
   * A module, compiled, its memory filled, run once and then until the optimiser is done with it.
   * @param {import("./runner.js").WasmProgram} program
   * @param {Uint8Array[]} buffers the binary, then the operands
   */
  async prepare(program, buffers) {
    const kernel = new WasmKernel();
    try {
      await kernel.start(program, buffers);
    } catch (error) {
      kernel.close();
      throw error;
    }
    return kernel;
  }

  close() {}
}

class WasmKernel {
  #asked = new Asked();

  /** @param {import("./runner.js").WasmProgram} program @param {Uint8Array[]} given */
  async start(program, given) {
    const [binary, ...buffers] = given;
    const transfer = [binary.buffer, ...buffers.map((bytes) => bytes.buffer)];
    const { timer, costs } = await this.#asked.ask("prepare", { program, binary, buffers }, transfer);
    Object.assign(this, { timer, costs });
  }

  /** Seconds by the worker's clock. @param {number} repeats @returns {Promise<number>} */
  time(repeats) {
    return this.#asked.ask("time", repeats);
  }

  /** Seconds of each step. @param {number} repeats @returns {Promise<number[]>} */
  parts(repeats) {
    return this.#asked.ask("parts", repeats);
  }

  /** Put operands in the place of those that they are to replace. @param {number[]} places @param {Uint8Array[]} buffers */
  load(places, buffers) {
    return this.#asked.ask("load", { places, buffers });
  }

  poison() {
    return this.#asked.ask("poison");
  }

  /** @returns {Promise<Uint8Array>} */
  result() {
    return this.#asked.ask("result");
  }

  close() {
    this.#asked.end();
  }
}

/**
 * Which probes run here; each is a whole module whose `run` returns 1.
 * @param {{name: string, binary: Uint8Array | null, refused: string}[]} probes
 * @returns {Promise<{answers: Record<string, {runs: boolean, reason: string}>, step: number}>}
 */
export async function probe(probes) {
  const asked = new Asked();
  try {
    return await asked.ask("probe", probes);
  } finally {
    asked.end();
  }
}
