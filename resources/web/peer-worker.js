/**
 * The worker's side of one call of a library. A classic script: TensorFlow.js comes as such.
 *
 * Operands are resident, batches are timed by the wall's clock and end when the target is done. Answers lie in the
 * library's memory, where nothing can be written over them: to poison them, it computes others.
 */

const TYPES = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };
const since = (/** @type {number} */ start) => (performance.now() - start) / 1000;
const address = (/** @type {string} */ path) => new URL(`peers/${path}`, location.href).href;

/** What went wrong on a GPU outside of any call: such runs are quick, and none. */
const failures = [];
const watch = (/** @type {GPUDevice} */ device) => {
  device.addEventListener("uncapturederror", ({ error }) => failures.push(error.message));
  device.lost.then(({ reason, message }) => reason === "destroyed" || failures.push(`the device is lost: ${message}`));
};

class Refused extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

const typed = (bytes, type) => new TYPES[type](bytes.buffer, bytes.byteOffset, bytes.byteLength / TYPES[type].BYTES_PER_ELEMENT);

/** ONNX Runtime Web: a session, and tensors of what comes with each run. */
class Onnx {
  async open({ backend, threads }) {
    const gpu = backend === "webgpu";
    const file = `onnxruntime-web/dist/${gpu ? "ort.webgpu.min.mjs" : "ort.wasm.min.mjs"}`;
    this.ort = await import(address(file));
    Object.assign(this.ort.env.wasm, { numThreads: threads, wasmPaths: address("onnxruntime-web/dist/"), proxy: false });
    this.ort.env.logLevel = "fatal";
    this.gpu = gpu;
  }

  /** @param {Uint8Array} model */
  async make(model, operands) {
    const before = this.session;
    const own = { executionProviders: [this.gpu ? "webgpu" : "wasm"] };
    // What the GPU has no operator for would run on the processor, and nobody would see.
    const strict = this.gpu ? { preferredOutputLocation: "gpu-buffer", extra: { session: { disable_cpu_ep_fallback: "1" } } } : {};
    try {
      this.session = await this.ort.InferenceSession.create(model, { ...own, ...strict });
    } catch (error) {
      throw refusedBy(error);
    }
    await before?.release(); // later: without any session, the library would go on with another device
    if (this.gpu && !this.device) {
      this.device = await this.ort.env.webgpu.device;
      watch(this.device);
    }
    this.put(operands);
  }

  put(operands) {
    this.feeds = Object.fromEntries(operands.map(({ name, type, shape, data }) => [name, this.#tensor(type, shape, data)]));
  }

  #tensor(type, shape, data) {
    if (!this.gpu || type !== "float32") return new this.ort.Tensor(type, data, shape);
    const size = Math.ceil(data.byteLength / 16) * 16; // it reads four numbers at a time, the last ones too
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = this.device.createBuffer({ size, usage });
    this.device.queue.writeBuffer(buffer, 0, data);
    return this.ort.Tensor.fromGpuBuffer(buffer, { dataType: type, dims: shape });
  }

  async run() {
    const before = this.answer;
    this.answer = (await this.session.run(this.feeds))[this.session.outputNames[0]];
    before?.dispose?.();
  }

  async done() {
    await this.device?.queue.onSubmittedWorkDone();
  }

  read() {
    return this.answer.getData();
  }
}

function refusedBy(error) {
  const said = String(error?.message ?? error).split("\n")[0];
  if (/fallback to CPU EP/i.test(said)) {
    return new Refused("unsupported", "ONNX Runtime has no such operator for this GPU and would run it on the processor");
  }
  const lacks = /not implemented|could not find an implementation|no op registered|not supported/i;
  return new Refused(lacks.test(said) ? "unsupported" : "failed", `ONNX Runtime: ${said.slice(0, 300)}`);
}

/** TensorFlow.js: tensors that stay, and a function of them. */
class TensorFlow {
  async open({ backend, module }) {
    const parts = ["core", "backend-cpu", ...(backend === "cpu" ? [] : [`backend-${backend}`])];
    for (const part of parts) importScripts(address(`@tensorflow/tfjs-${part}/dist/tf-${part}.min.js`));
    const { tf } = globalThis;
    if (backend === "wasm") {
      tf.wasm.setWasmPaths(address("@tensorflow/tfjs-backend-wasm/dist/"));
      tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    }
    const there = await tf.setBackend(backend).catch(() => false);
    if (!there) throw new Refused("unsupported", `TensorFlow.js has no ${backend} in this browser`);
    await tf.ready();
    if (backend === "webgpu") watch(tf.backend().device);
    this.call = (await import(address(`texts/${module}.js`))).default;
    Object.assign(this, { tf, backend });
  }

  make(_, operands) {
    this.put(operands);
  }

  put(operands) {
    for (const name in this.tensors ?? {}) this.tensors[name].dispose();
    const tensors = operands.map(({ name, type, shape, data }) => [name, this.tf.tensor(data, shape, type === "uint8" ? "int32" : type)]);
    this.tensors = Object.fromEntries(tensors);
  }

  run() {
    this.answer?.dispose();
    this.answer = this.tf.tidy(() => this.call(this.tf, this.tensors));
  }

  /** Where no queue can be waited for, one number of the last answer is. */
  async done() {
    if (this.backend === "webgpu") {
      const { tf } = this;
      const own = tf.backend();
      own.endComputePassEncoder?.();
      own.submitQueue?.();
      await own.device.queue.onSubmittedWorkDone();
    } else if (this.backend === "webgl") {
      const { tf } = this;
      const one = tf.tidy(() => tf.slice(tf.reshape(this.answer, [-1]), [0], [1]));
      await one.data();
      one.dispose();
    }
  }

  read() {
    return this.answer.data();
  }
}

/** A call, its operands, and whether it has an answer that is its own. */
class Peer {
  async prepare({ program, buffers }) {
    this.program = program;
    this.onnx = program.library === "onnx";
    this.library = this.onnx ? new Onnx() : new TensorFlow();
    const [model, ...given] = this.onnx ? buffers : [null, ...buffers];
    this.model = model;
    this.operands = program.operands.map(([name, type, shape], i) => ({ name, type, shape, data: typed(given[i], type) }));
    const start = performance.now();
    await this.library.open(program);
    await this.library.make(model, this.operands);
    const made = performance.now();
    const first = await this.time(1);
    const costs = { compile_s: (made - start) / 1000, upload_s: 0, first_run_s: first, warm_up_s: await this.#warm() };
    return { timer: "wall clock over a batch of the library's calls", costs, batches: { atOnce: false, ahead: false } };
  }

  /** Engines optimise what runs, in the background: a tenth of a second of it. */
  async #warm() {
    const start = performance.now();
    while (since(start) < 0.1) await this.time(1);
    return since(start);
  }

  async time(repeats) {
    const { library } = this;
    const start = performance.now();
    for (let i = 0; i < repeats; i++) {
      const promise = library.run();
      if (promise) await promise;
    }
    await library.done();
    const seconds = since(start);
    this.#check();
    this.answered = true;
    return seconds;
  }

  #check() {
    if (failures.length) throw new Refused("failed", `the GPU refused what the library submitted: ${failures[0].split("\n")[0].slice(0, 300)}`);
  }

  async load({ places, buffers }) {
    places.forEach((place, i) => {
      const at = this.onnx ? place - 1 : place;
      if (at < 0) this.model = buffers[i];
      else this.operands[at].data = typed(buffers[i], this.operands[at].type);
    });
    if (this.onnx && places.includes(0)) await this.library.make(this.model, this.operands);
    else await this.library.put(this.operands);
  }

  async poison() {
    const others = this.operands.map((one) => ({ ...one, data: one.data.map((value) => value + 1) }));
    await this.library.put(others);
    await this.time(1);
    await this.library.put(this.operands);
    this.answered = false;
  }

  async result() {
    if (!this.answered) return new Uint8Array(this.program.output).fill(255);
    const data = await this.library.read();
    this.#check();
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  }
}

const peer = new Peer();

onmessage = async ({ data: { task, given } }) => {
  try {
    postMessage({ value: await peer[task](given) });
  } catch (error) {
    const message = String(error?.message ?? error).split("\n")[0];
    postMessage({ refusal: { kind: error?.kind ?? "failed", message, line: null, column: null, byte: null } });
  }
};
