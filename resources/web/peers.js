/** Libraries in this browser: each call in a Web Worker of its own, for some read their number of threads once. */

import { Asked } from "./wasm.js";

/** Runs nothing by itself; its kernels do. */
export class Peers {
  /** @param {import("./runner.js").PeerProgram} program @param {Uint8Array[]} buffers */
  async prepare(program, buffers) {
    const kernel = new PeerKernel();
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

class PeerKernel {
  #asked = new Asked(new URL("peer-worker.js", import.meta.url), "classic");

  /** @param {import("./runner.js").PeerProgram} program @param {Uint8Array[]} buffers */
  async start(program, buffers) {
    const transfer = buffers.map((bytes) => bytes.buffer);
    Object.assign(this, await this.#asked.ask("prepare", { program, buffers }, transfer));
  }

  /** @param {number} repeats @returns {Promise<number>} */
  time(repeats) {
    return this.#asked.ask("time", repeats);
  }

  /** @param {number[]} places @param {Uint8Array[]} buffers */
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
