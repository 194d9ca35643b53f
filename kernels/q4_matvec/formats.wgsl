//% param format, techniques
//% set swizzled = "swizzle" in techniques
// Thirty-two weights: their codes, one a byte in eight words; each weight is scale * code + offset.
struct Block {
  low: vec4<u32>,
  high: vec4<u32>,
  scale: f32,
  offset: f32,
}

const NIBBLES = vec4<u32>(0x0f0f0f0fu);

fn half_of(word: u32, upper: bool) -> f32 {
  let both = unpack2x16float(word);
  return select(both.x, both.y, upper);
}

//% if format in ("q4f16_1", "nbits")
// Neighbouring weights share a byte, and scales lie apart. The words hold the even codes of eight, then the odd ones.
fn block_of({{ "at: u32, scale: f32" if swizzled else "row: u32, k: u32" }}) -> Block {
//%   if not swizzled
  let at = row * shape.blocks + k;
  let scale = half_of(scales[at / 2u], at % 2u == 1u);
//%   endif
  let both = codes[at];
  let even = both & NIBBLES;
  let odd = (both >> vec4<u32>(4u)) & NIBBLES;
  return Block(vec4<u32>(even.x, odd.x, even.y, odd.y), vec4<u32>(even.z, odd.z, even.w, odd.w), scale, -{{ {"q4f16_1": 7, "nbits": 8}[format] }}.0 * scale);
}
//% elif format == "q4_0"
// A scale, then 16 bytes with weights i and i + 16. Blocks of 18 bytes begin within a word every other time.
fn block_of(row: u32, k: u32) -> Block {
  let at = (row * shape.blocks + k) * 9u / 2u;
  let within = k % 2u == 1u;
  let first = vec4<u32>(codes[at], codes[at + 1u], codes[at + 2u], codes[at + 3u]);
  let next = vec4<u32>(first.yzw, codes[at + 4u]);
  let both = select((first >> vec4<u32>(16u)) | (next << vec4<u32>(16u)), next, within);
  let scale = half_of(first.x, within);
  return Block(both & NIBBLES, (both >> vec4<u32>(4u)) & NIBBLES, scale, -8.0 * scale);
}
//% elif format == "q8_0"
// A scale, then a signed byte for each weight. Blocks of 34 bytes begin within a word every other time.
fn block_of(row: u32, k: u32) -> Block {
  let at = (row * shape.blocks + k) * 17u / 2u;
  let within = k % 2u == 1u;
  let first = vec4<u32>(codes[at], codes[at + 1u], codes[at + 2u], codes[at + 3u]);
  let middle = vec4<u32>(codes[at + 4u], codes[at + 5u], codes[at + 6u], codes[at + 7u]);
  let low = vec4<u32>(first.yzw, middle.x);
  let high = vec4<u32>(middle.yzw, codes[at + 8u]);
  let half = vec4<u32>(16u);
  return Block(
    select((first >> half) | (low << half), low, within),
    select((middle >> half) | (high << half), high, within),
    half_of(first.x, within),
    0.0,
  );
}
//% else
// Of 256 weights: scales of the scales and minima, these of eight blocks in 6 bits each, then the codes, two
// blocks in 32 bytes.
fn block_of(row: u32, k: u32) -> Block {
  let base = (row * (shape.blocks / 8u) + k / 8u) * 9u;
  let head = codes[base];
  let upper = k % 8u >= 4u;
  let shift = 8u * (k % 4u);
  let scale = select(head.y & 0x3f3f3f3fu, (head.w & 0x0f0f0f0fu) | ((head.y >> 2u) & 0x30303030u), upper);
  let least = select(head.z & 0x3f3f3f3fu, ((head.w >> 4u) & 0x0f0f0f0fu) | ((head.z >> 2u) & 0x30303030u), upper);
  let both = unpack2x16float(head.x);
  let at = base + 1u + (k % 8u) / 2u * 2u;
  let half = vec4<u32>(4u * (k % 2u));
  return Block(
    (codes[at] >> half) & NIBBLES,
    (codes[at + 1u] >> half) & NIBBLES,
    both.x * f32((scale >> shift) & 255u),
    -both.y * f32((least >> shift) & 255u),
  );
}
//% endif
