/** The elements of raw results, by the types that kernels store them in. */

const ARRAYS = {
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
};

/** The elements of a raw result, which are of a type by NumPy's name. */
export function elements(raw, dtype = "float32") {
  const kind = ARRAYS[dtype === "float16" ? "uint16" : dtype];
  const found = new kind(raw.buffer, raw.byteOffset, raw.byteLength / kind.BYTES_PER_ELEMENT);
  return dtype === "float16" ? Float32Array.from(found, half) : found;
}

/** What the bits of a half float stand for. */
function half(bits) {
  const [sign, exponent, rest] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return rest ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + rest / 1024) : 2 ** -14 * (rest / 1024));
}
