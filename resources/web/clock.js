/** Two clocks for the GPU: time stamps around a pass, or the page's clock around a batch. */

const PROBES = 12;
const GOOD_PROBES = 3;
/** Dispatches of a batch: browsers' clocks are coarse and see nothing of a short one. */
const LONGER = [1, 32, 1024];

/** Some microseconds of real work: what an empty pass takes tells nothing of a clock. */
const TINY = `
@group(0) @binding(0) var<storage, read_write> sums: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  var sum = sums[id.x];
  for (var i = 0u; i < 256u; i++) {
    sum = sum * 1664525u + 1013904223u;
  }
  sums[id.x] = sum;
}
`;
const GROUPS = 16;

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
 * Whether a clock may be used: dispatches that it measured ended after they began, often enough.
 * @param {{begin: bigint, end: bigint}[]} seen
 */
export const works = (seen) => seen.filter(({ begin, end }) => end > begin).length >= GOOD_PROBES;

/** Encodes so many small dispatches. @param {GPUDevice} device */
function tiny(device) {
  const buffer = device.createBuffer({ size: 4 * 64 * GROUPS, usage: GPUBufferUsage.STORAGE });
  const module = device.createShaderModule({ code: TINY });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer } }],
  });
  return (repeats, options) => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass(options);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let i = 0; i < repeats; i++) pass.dispatchWorkgroups(GROUPS);
    pass.end();
    return encoder;
  };
}

/**
 * GPU time from two time stamps in nanoseconds; browsers may coarsen them, so their step is found by probing.
 * Where they measure nothing, as some drivers have it, the page's clock takes their place.
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

  const work = tiny(device);
  let seen = [];
  for (const repeats of LONGER) {
    seen = [];
    for (let i = 0; i < PROBES; i++) seen.push(await stamps((options) => work(repeats, options)));
    if (works(seen)) break;
  }
  if (!works(seen)) return wallClock(device);
  const divisor = seen.reduce((found, { begin, end }) => gcd(gcd(begin, end), found), 0n);
  const step = Number(divisor) * 1e-9;
  return {
    name: "GPU time stamps",
    stamps: true,
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
    stamps: false,
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
