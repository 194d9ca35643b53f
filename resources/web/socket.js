/** The page of a running Kernelscope: does what the socket asks, and comes back when it was cut off. */

import { Refusal } from "./refusal.js";
import { Runner } from "./runner.js";
import { findTargets } from "./targets.js";

const CHUNK = 4 * 2 ** 20;
const AGAIN_MS = 700;

/** Told to a person, in the page. @param {string} state @param {string} text */
function say(state, text) {
  document.body.dataset.state = state;
  document.getElementById("state").textContent = text;
}

/** The same for as long as the tab lives, reloads included. */
function tab() {
  sessionStorage.tab ??= crypto.randomUUID();
  return sessionStorage.tab;
}

/** @type {ReturnType<typeof findTargets> | null} */
let found = null;

async function describe() {
  const setup = await (await fetch("setup.json")).json();
  return findTargets(setup);
}

/** Requests and the bytes that follow them, in the order they come. */
class Conversation {
  #request = null;
  #filled = 0;
  #queue = Promise.resolve();
  #runner = new Runner();
  /** Batches of a kernel that are encoded, and wait to be submitted or read. @type {Map<number, import("./clock.js").Batches>} */
  #ready = new Map();
  hidden = document.hidden;

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.#take(data);
  }

  #take(data) {
    if (typeof data === "string") {
      this.#request = JSON.parse(data);
      this.#request.payload = this.#request.bytes.map((size) => new Uint8Array(size));
      this.#filled = 0;
    } else {
      this.#fill(new Uint8Array(data));
    }
    const { bytes } = this.#request;
    if (this.#filled === bytes.reduce((sum, size) => sum + size, 0)) {
      const request = this.#request;
      this.#queue = this.#queue.then(() => this.#answer(request));
    }
  }

  /** A chunk never spans two buffers. */
  #fill(chunk) {
    const { payload } = this.#request;
    let start = this.#filled;
    const target = payload.find((buffer) => start < buffer.byteLength || ((start -= buffer.byteLength), false));
    target.set(chunk, start);
    this.#filled += chunk.byteLength;
  }

  async #answer({ id, task, kernel, program, repeats, batches, places, payload }) {
    const runner = this.#runner;
    this.hidden = document.hidden;
    try {
      const value = await {
        prepare: () => runner.prepare(kernel, program, payload),
        time: () => runner.time(kernel, repeats),
        each: () => runner.each(kernel, repeats, batches),
        encode: () => void this.#ready.set(kernel, runner.ahead(kernel, repeats, batches)),
        submit: () => this.#batches(kernel).submit(),
        seconds: () => this.#batches(kernel).seconds(),
        parts: () => runner.parts(kernel, repeats),
        fallBack: () => runner.fallBack(kernel),
        load: () => runner.load(kernel, places, payload),
        poison: () => runner.poison(kernel),
        result: () => runner.result(kernel),
        close: () => {
          this.#ready.delete(kernel);
          runner.close(kernel);
        },
      }[task]();
      this.#send(id, value);
    } catch (error) {
      this.#post({ type: "refusal", id, ...Refusal.plain(error) });
    }
    if (task === "prepare") say("busy", `Running: ${program.title}`);
  }

  #batches(kernel) {
    const ready = this.#ready.get(kernel);
    if (!ready) throw new Refusal("failed", "nothing is encoded for this kernel");
    return ready;
  }

  /** @param {number} id @param {Uint8Array<ArrayBuffer> | object | number | undefined} value */
  #send(id, value) {
    const bytes = value instanceof Uint8Array ? /** @type {Uint8Array<ArrayBuffer>} */ (value) : null;
    const hidden = this.hidden || document.hidden;
    this.#post({ type: "answer", id, hidden, value: bytes ? null : (value ?? null), bytes: bytes?.byteLength ?? 0 });
    for (let at = 0; bytes && at < bytes.byteLength; at += CHUNK) this.socket.send(bytes.subarray(at, at + CHUNK));
  }

  /** Forget the kernels: whoever asked for them is gone. */
  end() {
    this.#runner.end();
  }

  #post(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}

function connect() {
  const socket = new WebSocket(new URL("socket", location.href.replace(/^http/, "ws")));
  const conversation = new Conversation(socket);
  document.onvisibilitychange = () => (conversation.hidden ||= document.hidden);
  socket.onopen = async () => {
    try {
      found ??= describe();
      const { browser, targets } = await found;
      socket.send(JSON.stringify({ type: "hello", tab: tab(), browser: browser.name, version: browser.version, targets }));
      say("ready", "Connected. Keep this tab in sight while kernels run: browsers slow down what is hidden.");
    } catch (error) {
      found = null;
      say("lost", `This browser cannot be described: ${error.message}`);
      socket.close();
    }
  };
  socket.onclose = ({ code, reason }) => {
    conversation.end();
    if (code === 4000) return say("lost", reason);
    say("waiting", "Kernelscope is not there any more. This page connects again when it is; otherwise you can close it.");
    setTimeout(connect, AGAIN_MS);
  };
}

connect();
