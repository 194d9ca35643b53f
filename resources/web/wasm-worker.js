/** The worker's side of one module: compile, fill the memory, warm up, time; or try probes. */

import { pageClockStep } from "./clock.js";
import { Refusal } from "./refusal.js";
import { instantiate, Team } from "./wasm-team.js";
import { operations } from "./wasm-transfer.js";

/** The optimiser works in the background: it gets at least this long, and at most that long, in seconds. */
const WARM = 0.1;
const LONGEST_WARM = 2;
const STEADY_CALLS = 4;
const MOST_REPEATS = 2 ** 20;
const PAGE = 65536;

const since = (/** @type {number} */ start) => (performance.now() - start) / 1000;

/** One instance with its operands in memory; a team of them over a shared memory. */
export class Instance {
  /** @type {any} */
  exports;

  /** @param {import("./runner.js").WasmProgram} program @param {Uint8Array<ArrayBuffer>} binary @param {Uint8Array[]} buffers */
  async start(program, binary, buffers) {
    this.program = program;
    const start = performance.now();
    const module = await compile(binary);
    const memory = program.shared ? sharedMemory(program.pages) : null;
    const instance = await instantiate(module, memory);
    this.exports = instance.exports;
    const { steps } = program;
    const missing = steps.find(({ entry }) => typeof this.exports[entry] !== "function")?.entry;
    if (!(this.exports.memory instanceof WebAssembly.Memory) || missing === "run") {
      throw new Refusal("kernel", "the module must export a memory 'memory' and a function 'run'");
    }
    if (missing) throw new Refusal("kernel", `the module must export a function '${missing}'`);
    const compiled = performance.now();
    if (!memory) grow(this.exports.memory, program);
    this.load([...buffers.keys()], buffers);
    const uploaded = performance.now();
    /** @type {(value: number) => bigint | number} */
    const address = program.wide ? BigInt : Number;
    for (const { entry, arguments: given } of steps) {
      const takes = given.length + 1 + (memory ? 2 : 0);
      const { length } = this.exports[entry];
      if (length !== takes) throw new Refusal("kernel", `'${entry}' takes ${length} arguments, but the layout gives ${takes}`);
    }
    this.turns = turns(program, address).map((calls) => calls.map(({ entry, given }) => ({ entry, call: this.exports[entry], given })));
    this.turn = 0;
    this.address = address;
    this.team = memory && (await Team.gather(module, memory, this.turns[0], program.threads));
    const first = this.time(1);
    this.costs = {
      compile_s: (compiled - start) / 1000,
      upload_s: (uploaded - compiled) / 1000,
      first_run_s: first,
      warm_up_s: program.warm ? this.#warm() : 0,
      module_bytes: binary.byteLength,
    };
  }

  get timer() {
    return "wall clock over a batch, loop inside Wasm";
  }

  /** Taken anew each time, because growing detaches it. */
  memory() {
    return new Uint8Array(this.exports.memory.buffer);
  }

  /** The bytes of the first buffer: a view. */
  operand() {
    const { pointers, buffers } = this.program;
    return this.memory().subarray(pointers[0], pointers[0] + buffers[1]);
  }

  #output() {
    const { pointers, output } = this.program;
    return this.memory().subarray(pointers.at(-1), pointers.at(-1) + output);
  }

  time(repeats) {
    const start = performance.now();
    try {
      if (this.team) this.team.run(repeats);
      else if (this.turns.length === 1 && this.turns[0].length === 1) this.#call(0, repeats);
      else this.#rotate(repeats);
    } catch (error) {
      throw Refusal.ofTrap(error);
    }
    return since(start);
  }

  /** Take the copies of the operands in turn, going on where the last batch ended. */
  #rotate(repeats) {
    const once = this.address(1);
    for (let i = 0; i < repeats; i++) {
      for (const { call, given } of this.turns[this.turn]) call(once, ...given);
      this.turn = (this.turn + 1) % this.turns.length;
    }
  }

  /** The step of that number, alone, with the first copy of the operands. */
  #call(number, repeats) {
    const { call, given } = this.turns[0][number];
    call(this.address(repeats), ...given);
  }

  /** Seconds of `repeats` calls of each step, one step after the other. */
  parts(repeats) {
    if (this.team) return [this.time(repeats)];
    return this.turns[0].map((_, number) => {
      const start = performance.now();
      this.#call(number, repeats);
      return since(start);
    });
  }

  /** Call until calls become no faster; the seconds it took. */
  #warm() {
    const start = performance.now();
    let [repeats, steady, best] = [1, 0, Infinity];
    while (since(start) < LONGEST_WARM && !(steady >= STEADY_CALLS && since(start) > WARM)) {
      const seconds = this.time(repeats);
      steady = seconds / repeats > 0.95 * best ? steady + 1 : 0;
      best = Math.min(best, seconds / repeats);
      if (seconds < WARM / 20 && repeats < MOST_REPEATS) repeats *= 2;
    }
    return since(start);
  }

  load(places, buffers) {
    const bytes = this.memory();
    const { pointers, copies = 1, stride = 0 } = this.program;
    for (let copy = 0; copy < copies; copy++) {
      places.forEach((place, i) => bytes.set(buffers[i], pointers[place] + copy * stride));
    }
  }

  poison() {
    this.#output().fill(0xff);
  }

  result() {
    return this.#output().slice();
  }

  close() {
    this.team?.close();
    this.exports = null;
  }
}

/** What a run calls, for each copy of the operands: only their addresses move. */
function turns({ steps, copies = 1, stride = 0 }, address) {
  return Array.from({ length: copies }, (_, copy) => steps.map(({ entry, arguments: given, moved }) => ({
    entry,
    given: given.map(([value, whole], i) => (whole ? address(value + (moved.includes(i) ? copy * stride : 0)) : value)),
  })));
}

/** promiseFib, whose every addition awaits a promise: JavaScript Promise Integration. */
class Suspended {
  timer = "wall clock over a batch, loop inside JavaScript";

  async start(program, binary) {
    const start = performance.now();
    const add = new WebAssembly.Suspending((a, b) => Promise.resolve(a + b));
    const module = await compile(binary);
    const { exports } = await WebAssembly.instantiate(module, { kernelscope: { add } });
    this.fib = WebAssembly.promising(exports.fib);
    [this.n] = program.steps[0].arguments.at(-1);
    const compile_s = since(start);
    const first_run_s = await this.time(1);
    this.costs = { compile_s, upload_s: 0, first_run_s, module_bytes: binary.byteLength };
  }

  async time(repeats) {
    const start = performance.now();
    try {
      for (let i = 0; i < repeats; i++) this.answer = await this.fib(this.n);
    } catch (error) {
      throw Refusal.ofTrap(error);
    }
    return since(start);
  }

  load() {}

  poison() {
    this.answer = NaN;
  }

  result() {
    return new Uint8Array(new Float32Array([this.answer]).buffer);
  }
}

/** @param {BufferSource} binary */
async function compile(binary) {
  try {
    return await WebAssembly.compile(binary);
  } catch (error) {
    throw new Refusal("kernel", error.message);
  }
}

function sharedMemory(pages) {
  if (!globalThis.crossOriginIsolated) {
    throw new Refusal("unsupported", "the page is not cross-origin isolated, so nothing may be shared");
  }
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    if (pages > 1) memory.grow(pages - 1);
    return memory;
  } catch (error) {
    throw new Refusal("limit", `no shared memory for ${(pages * PAGE) >> 20} MiB: ${error.message}`);
  }
}

function grow(memory, { pages, wide }) {
  const missing = pages - memory.buffer.byteLength / PAGE;
  try {
    if (missing > 0) memory.grow(wide ? BigInt(missing) : missing);
  } catch (error) {
    throw new Refusal("limit", `no memory for ${Math.round((pages * PAGE) / 2 ** 20)} MiB of operands: ${error.message}`);
  }
}

/** Try each probe here, one after the other. */
async function tryAll(probes) {
  const answers = {};
  for (const { name, binary, refused } of probes) {
    answers[name] = binary ? await tryOne(name, binary) : { runs: false, reason: refused };
  }
  return { answers, step: pageClockStep() };
}

async function tryOne(name, binary) {
  if (name === "threads" && !globalThis.crossOriginIsolated) {
    return { runs: false, reason: "the page is not cross-origin isolated, so nothing may be shared" };
  }
  try {
    const jspi = name === "jspi";
    const wait = jspi && new WebAssembly.Suspending(() => Promise.resolve(1));
    const { instance } = await WebAssembly.instantiate(binary, { kernelscope: { wait } });
    const run = /** @type {any} */ (instance.exports.run);
    const returned = await (jspi ? WebAssembly.promising(run)() : run());
    if (returned === 1) return { runs: true, reason: "a probe module compiled and ran" };
    return { runs: false, reason: `the probe returned ${returned}, not 1` };
  } catch (error) {
    return { runs: false, reason: `the browser refuses the probe: ${error.message}` };
  }
}

/** @type {any} an `Instance`, `Suspended` or an operation on an instance */
let kernel;

const TASKS = {
  probe: tryAll,
  async prepare({ program, binary, buffers }) {
    const { operation } = program;
    if (operation === "jspi") kernel = new Suspended();
    else if (operation) kernel = operations(operation, () => new Instance());
    else kernel = new Instance();
    await kernel.start(program, binary, buffers);
    return { timer: kernel.timer, costs: kernel.costs };
  },
  time: (repeats) => kernel.time(repeats),
  parts: (repeats) => kernel.parts(repeats),
  load: ({ places, buffers }) => kernel.load(places, buffers),
  poison: () => kernel.poison(),
  result: () => kernel.result(),
};

globalThis.onmessage = async ({ data: { task, given } }) => {
  try {
    globalThis.postMessage({ value: await TASKS[task](given) });
  } catch (error) {
    globalThis.postMessage({ refusal: Refusal.plain(error) });
  }
};
