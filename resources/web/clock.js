/** Two clocks for the GPU: time stamps around a pass, or the page's clock around a batch. */

const PROBES = 12;

/**
 * Its step is in seconds; `seconds` is what the commands took that `encode` makes, 0 where it gave no data.
 * @typedef {object} GpuClock
 * @property {string} name
 * @property {number} step
 * @property {(encode: (options: GPUComputePassDescriptor) => GPUCommandEncoder) => Promise<number>} seconds
 */

/** The greatest common divisor: the step of a clock whose readings are all multiples of it. */
export const gcd = (/** @type {bigint} */ a, /** @type {bigint} */ b) => {
  while (b) [a, b] = [b, a % b];
  return a;
};

/** Seconds between two different readings of the page's own clock, as browsers coarsen it. */
export function pageClockStep() {
  let least = Infinity;
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    let now = start;
    while (now === start) now = performance.now();
    least = Math.min(least, now - start);
  }
  return least / 1000;
}

/**
 * GPU time from two time stamps in nanoseconds; browsers may coarsen them, so their step is found by probing.
 * @param {GPUDevice} device
 */
export async function stampClock(device) {
  const queries = device.createQuerySet({ type: "timestamp", count: 2 });
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const resolved = device.createBuffer({ size: 16, usage: QUERY_RESOLVE | COPY_SRC });
  const readable = device.createBuffer({ size: 16, usage: COPY_DST | MAP_READ });
  const timestampWrites = { querySet: queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };

  async function stamps(encode) {
    const encoder = encode({ timestampWrites });
    encoder.resolveQuerySet(queries, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, readable, 0, 16);
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await readable.mapAsync(GPUMapMode.READ);
    const wall = (performance.now() - start) / 1000;
    const [begin, end] = new BigUint64Array(readable.getMappedRange().slice(0));
    readable.unmap();
    return { begin, end, wall };
  }

  const empty = (options) => {
    const encoder = device.createCommandEncoder();
    encoder.beginComputePass(options).end();
    return encoder;
  };
  let divisor = 0n;
  for (let i = 0; i < PROBES; i++) {
    const { begin, end } = await stamps(empty);
    divisor = gcd(gcd(begin, end), divisor);
  }
  const step = Number(divisor) * 1e-9;
  return {
    name: "GPU time stamps",
    step,
    async seconds(encode) {
      const { begin, end, wall } = await stamps(encode);
      const gpu = Number(end - begin) * 1e-9;
      return gpu > 0 && gpu <= wall + step ? gpu : 0;
    },
  };
}

/**
 * The page's clock from submission until the queue is done: only honest over a batch.
 * @param {GPUDevice} device
 */
export function wallClock(device) {
  return {
    name: "wall clock over a batch",
    step: pageClockStep(),
    async seconds(encode) {
      const commands = encode({}).finish();
      const start = performance.now();
      device.queue.submit([commands]);
      await device.queue.onSubmittedWorkDone();
      return (performance.now() - start) / 1000;
    },
  };
}
