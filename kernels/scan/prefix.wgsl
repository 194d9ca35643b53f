{#- The sums of 1, 2, 3 and 4 numbers of a word. -#}
//% macro prefix()
fn prefix(w: vec4<f32>) -> vec4<f32> {
  let pair = w.x + w.y;
  return vec4<f32>(w.x, pair, pair + w.z, pair + (w.z + w.w));
}
//% endmacro
