/** Transfers, timed by the page's clock: what surrounds a kernel in real use. */

/** Bytes to a buffer (`upload`) or back (`download`; or `map`, which leaves them where they are). */
class TransferKernel {
  timer = "wall clock over a batch";
  /** @type {Uint8Array<ArrayBuffer> | null} */
  received = null;

  /** @param {import("./gpu.js").Gpu} gpu @param {import("./runner.js").GpuProgram} program @param {Uint8Array<ArrayBuffer>} data */
  constructor(gpu, program, data) {
    this.gpu = gpu;
    this.program = program;
    this.data = data;
    this.upload = program.operation === "upload";
  }

  async start() {
    const { device } = this.gpu;
    const { COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const size = this.data.byteLength;
    const start = performance.now();
    await this.gpu.guarded(() => {
      this.buffer = device.createBuffer({ size, usage: COPY_SRC | COPY_DST });
      this.staging = device.createBuffer({ size, usage: MAP_READ | COPY_DST });
    });
    await this.#send();
    const uploaded = performance.now();
    const first = await this.time(1);
    this.costs = { compile_s: 0, upload_s: (uploaded - start) / 1000, first_run_s: first };
  }

  async #send() {
    const { queue } = this.gpu.device;
    queue.writeBuffer(this.buffer, 0, this.data);
    queue.submit([]);
    await queue.onSubmittedWorkDone();
  }

  async #fetch() {
    const { device } = this.gpu;
    this.#release();
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.buffer, 0, this.staging, 0, this.data.byteLength);
    device.queue.submit([encoder.finish()]);
    await this.staging.mapAsync(GPUMapMode.READ);
    this.received = new Uint8Array(this.staging.getMappedRange());
    if (this.program.operation === "download") {
      const copy = this.received.slice();
      this.#release();
      this.received = copy;
    }
  }

  #release() {
    this.received = null;
    if (this.staging.mapState === "mapped") this.staging.unmap();
  }

  async time(repeats) {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) await (this.upload ? this.#send() : this.#fetch());
    const seconds = (performance.now() - start) / 1000;
    this.gpu.check();
    return seconds;
  }

  async load(places, [data]) {
    this.data = data;
    await this.#send();
  }

  async poison() {
    this.#release();
    if (this.upload) {
      this.gpu.device.queue.writeBuffer(this.buffer, 0, new Uint8Array(this.data.byteLength).fill(0xff));
    }
  }

  async result() {
    if (this.upload) return this.gpu.read(this.buffer, this.program.output);
    return this.received?.slice() ?? new Uint8Array(this.program.output).fill(0xff);
  }

  close() {
    this.#release();
    this.buffer.destroy();
    this.staging.destroy();
  }
}

/** @param {import("./gpu.js").Gpu} gpu @param {import("./runner.js").GpuProgram} program @param {Uint8Array<ArrayBuffer>[]} buffers */
export async function transferKernel(gpu, program, buffers) {
  const [data] = buffers;
  const kernel = new TransferKernel(gpu, program, data);
  await kernel.start();
  return kernel;
}
