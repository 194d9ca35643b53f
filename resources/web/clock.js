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

/** Batches that a set of queries is made for; more get a larger one. */
const ROOM = 16;

/**
 * Adds a pass to an encoder, which makes it a batch.
 * @typedef {(encoder: GPUCommandEncoder, options: GPUComputePassDescriptor) => void} Encode
 *
 * Batches of one submission, encoded already: `submit` them once, then wait for the `seconds` of each, 0 where the
 * clock gave no data for it.
 * @typedef {{submit: () => void, seconds: () => Promise<number[]>}} Batches
 *
 * Its step is in seconds; `seconds` is what a batch took, 0 where it gave no data. One of the GPU's own also takes
 * batches of one submission, so that the GPU never waits for the page in between.
 * @typedef {object} GpuClock
 * @property {string} name
 * @property {boolean} stamps
 * @property {number} step
 * @property {(encode: Encode) => Promise<number>} seconds
 * @property {(encode: Encode, batches: number) => Batches} [ahead]
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

/** Encodes a pass of so many small dispatches. @param {GPUDevice} device */
function tiny(device) {
  const buffer = device.createBuffer({ size: 4 * 64 * GROUPS, usage: GPUBufferUsage.STORAGE });
  const module = device.createShaderModule({ code: TINY });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  const bindings = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer } }],
  });
  return (repeats, encoder, options) => {
    const pass = encoder.beginComputePass(options);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let i = 0; i < repeats; i++) pass.dispatchWorkgroups(GROUPS);
    pass.end();
  };
}

/** Queries for so many batches, and where their stamps are read. @param {GPUDevice} device @param {number} room */
function stampsFor(device, room) {
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const size = 16 * room;
  return {
    room,
    queries: device.createQuerySet({ type: "timestamp", count: 2 * room }),
    resolved: device.createBuffer({ size, usage: QUERY_RESOLVE | COPY_SRC }),
    readable: device.createBuffer({ size, usage: COPY_DST | MAP_READ }),
  };
}

/**
 * GPU time from two time stamps in nanoseconds; browsers may coarsen them, so their step is found by probing.
 * Where they measure nothing, as some drivers have it, the page's clock takes their place.
 * @param {GPUDevice} device
 */
export async function stampClock(device) {
  // In turn: while one is written by batches that run, the next are encoded for the other.
  const sets = [stampsFor(device, ROOM), stampsFor(device, ROOM)];

  /** @param {Encode} encode @param {number} batches */
  function stamped(encode, batches) {
    let set = /** @type {ReturnType<typeof stampsFor>} */ (sets.shift());
    if (batches > set.room) set = stampsFor(device, batches);
    sets.push(set);
    const encoder = device.createCommandEncoder();
    for (let i = 0; i < batches; i++) {
      const [beginningOfPassWriteIndex, endOfPassWriteIndex] = [2 * i, 2 * i + 1];
      encode(encoder, { timestampWrites: { querySet: set.queries, beginningOfPassWriteIndex, endOfPassWriteIndex } });
    }
    encoder.resolveQuerySet(set.queries, 0, 2 * batches, set.resolved, 0);
    encoder.copyBufferToBuffer(set.resolved, 0, set.readable, 0, 16 * batches);
    const commands = encoder.finish();
    let start = 0;
    return {
      submit() {
        start = performance.now();
        device.queue.submit([commands]);
      },
      async stamps() {
        await set.readable.mapAsync(GPUMapMode.READ);
        const wall = (performance.now() - start) / 1000;
        const found = new BigUint64Array(set.readable.getMappedRange().slice(0));
        set.readable.unmap();
        return Array.from({ length: batches }, (_, i) => ({ begin: found[2 * i], end: found[2 * i + 1], wall }));
      },
    };
  }

  async function now(encode) {
    const ready = stamped(encode, 1);
    ready.submit();
    return (await ready.stamps())[0];
  }

  const work = tiny(device);
  let seen = [];
  for (const repeats of LONGER) {
    seen = [];
    for (let i = 0; i < PROBES; i++) seen.push(await now((...given) => work(repeats, ...given)));
    if (works(seen)) break;
  }
  if (!works(seen)) return wallClock(device);
  const divisor = seen.reduce((found, { begin, end }) => gcd(gcd(begin, end), found), 0n);
  const step = Number(divisor) * 1e-9;
  const seconds = ({ begin, end, wall }) => {
    const gpu = Number(end - begin) * 1e-9;
    return gpu > 0 && gpu <= wall + step ? gpu : 0;
  };
  return {
    name: "GPU time stamps",
    stamps: true,
    step,
    seconds: async (encode) => seconds(await now(encode)),
    ahead(encode, batches) {
      const { submit, stamps } = stamped(encode, batches);
      return { submit, seconds: async () => (await stamps()).map(seconds) };
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
      const encoder = device.createCommandEncoder();
      encode(encoder, {});
      const commands = encoder.finish();
      const start = performance.now();
      device.queue.submit([commands]);
      await device.queue.onSubmittedWorkDone();
      return (performance.now() - start) / 1000;
    },
  };
}
