/** Compiling WGSL: the same steps once per device, because pipelines do not depend on the shape. */

import { Refusal } from "./refusal.js";

export class Compiler {
  /** @param {import("./gpu.js").Gpu} gpu */
  constructor(gpu) {
    this.gpu = gpu;
    this.compiled = new Map();
  }

  /**
   * A pipeline for each step, with its layout of bindings and what compiling cost; the same steps are compiled once.
   * @param {import("./runner.js").GpuProgram} program
   */
  async compile({ texts, steps }) {
    const key = JSON.stringify([texts, steps.map(({ text, entry, kinds }) => [text, entry, kinds])]);
    if (!this.compiled.has(key)) this.compiled.set(key, await this.#compile(texts, steps));
    return this.compiled.get(key);
  }

  async #compile(texts, steps) {
    const { device } = this.gpu;
    const start = performance.now();
    device.pushErrorScope("validation");
    const layouts = new Map(steps.map(({ kinds }) => [kinds.join(), this.#layout(kinds)]));
    const modules = texts.map((code) => device.createShaderModule({ code }));
    const told = (await Promise.all(modules.map((module) => module.getCompilationInfo()))).flatMap(({ messages }) => messages);
    const invalid = await device.popErrorScope();
    const first = told.find((message) => message.type === "error");
    if (first) throw new Refusal("kernel", first.message, first.lineNum || null, first.linePos || null);
    if (invalid) throw new Refusal("kernel", invalid.message);
    const made = new Map();
    const found = [];
    for (const { text, entry, kinds } of steps) {
      const layout = layouts.get(kinds.join());
      const key = JSON.stringify([text, entry, kinds]);
      if (!made.has(key)) made.set(key, await this.#pipeline(layout, modules[text], entry));
      found.push({ pipeline: made.get(key), layout });
    }
    return { steps: found, seconds: (performance.now() - start) / 1000 };
  }

  /** Bindings of these kinds: an inferred layout would leave out what a step does not use. */
  #layout(kinds) {
    const entries = kinds.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } }));
    return this.gpu.device.createBindGroupLayout({ entries });
  }

  async #pipeline(bindings, module, entryPoint) {
    const layout = this.gpu.device.createPipelineLayout({ bindGroupLayouts: [bindings] });
    try {
      return await this.gpu.device.createComputePipelineAsync({ layout, compute: { module, entryPoint } });
    } catch (error) {
      if (this.gpu.lost) this.gpu.check();
      throw new Refusal("kernel", error.message);
    }
  }
}
