//% param name, head_size, causal
//% set words = (head_size + 3) // 4
// attention {{ name }}: heads of {{ head_size }}, {{ words }} words each; {{ "a token looks at those before it" if causal else "a token looks at all" }}.
struct Shape {
  tokens: u32,
  heads: u32,
  key_heads: u32,  // of keys and values
  scale: f32,
}

const LEAST = -3.0e38;

// The first word of a head of a token among so many heads.
fn word_of(token: u32, head: u32, heads: u32) -> u32 {
  return (token * heads + head) * {{ words }}u;
}
