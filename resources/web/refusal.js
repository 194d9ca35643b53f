/** What ends a case: `kind` is "kernel" (does not compile), "limit", "unsupported", "failed", "lost", or "wrong" on published pages. */
export class Refusal extends Error {
  /**
   * @param {"kernel" | "limit" | "unsupported" | "failed" | "lost" | "wrong"} kind
   * @param {string} message one line for a person
   * @param {number | null} line counts from 1 in the kernel's text, null where the compiler named none
   * @param {number | null} column
   */
  constructor(kind, message, line = null, column = null) {
    super(message);
    Object.assign(this, { kind, line, column });
  }

  /** Whatever was thrown, as plain data. @param {any} error */
  static plain(error) {
    const { kind = "failed", line = null, column = null } = error;
    const message = String(error.message || error).split("\n")[0];
    return { kind, message, line, column };
  }
}
