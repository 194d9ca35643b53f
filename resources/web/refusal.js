/** What ends a case: `kind` is "kernel" (does not compile), "limit", "unsupported", "failed", "lost", or "wrong" on published pages. */
export class Refusal extends Error {
  /**
   * @param {"kernel" | "limit" | "unsupported" | "failed" | "lost" | "wrong"} kind
   * @param {string} message one line for a person
   * @param {number | null} line counts from 1 in the kernel's text, null where the compiler named none
   * @param {number | null} column
   * @param {number | null} byte where in the module a trap happened, null where the browser does not tell
   */
  constructor(kind, message, line = null, column = null, byte = null) {
    super(message);
    Object.assign(this, { kind, line, column, byte });
  }

  /** What a module's trap says; another error as it is. @param {any} error */
  static ofTrap(error) {
    const exhausted = error instanceof RangeError || error.name === "InternalError";
    const thrown = error instanceof WebAssembly.Exception;
    if (!exhausted && !thrown && !(error instanceof WebAssembly.RuntimeError)) return error;
    const message = exhausted ? "call stack exhausted" : thrown ? "an exception that nothing catches" : error.message;
    return new Refusal("failed", `trap: ${message}`, null, null, byteOf(error));
  }

  /** Whatever was thrown, as plain data. @param {any} error */
  static plain(error) {
    const { kind = "failed", line = null, column = null, byte = null } = error;
    const message = String(error.message || error).split("\n")[0];
    return { kind, message, line, column, byte };
  }
}

/** Where in its module the innermost function of `error` was; Chrome and Firefox tell, Safari does not. */
export function byteOf({ stack = "" }) {
  const found = /wasm-function\[\d+\]:0x([0-9a-f]+)/.exec(stack);
  return found && parseInt(found[1], 16);
}
