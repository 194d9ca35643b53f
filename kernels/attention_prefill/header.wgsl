//% param name, head_size, storage, compute, causal, directives
//% set words = (head_size + 3) // 4
// attention {{ name }}: heads of {{ head_size }}, {{ words }} words each; {{ "a token looks at those before it" if causal else "a token looks at all" }}.
{{ directives }}

struct Shape {
  tokens: u32,
  heads: u32,
  key_heads: u32,  // of keys and values
  scale: f32,
}

alias Word = {{ {"f16": "vec2<u32>", "i8": "u32"}.get(storage) if storage != compute else "vec4<" ~ storage ~ ">" }};

const LEAST = -3.0e38;

// The first word of a head of a token among so many heads.
fn word_of(token: u32, head: u32, heads: u32) -> u32 {
  return (token * heads + head) * {{ words }}u;
}
//% if storage != compute

fn widen(word: Word) -> vec4<f32> {
//%   if storage == "i8"
  return vec4<f32>(bitcast<vec4<i32>>(vec4<u32>(word) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u));
//%   else
  return vec4<f32>(unpack2x16float(word.x), unpack2x16float(word.y));
//%   endif
}
//% endif
