{#- What a layer does to its products; `number` is a float or four. exp of more than 80 may be beyond f32. -#}
//% param number, fused
//% param ending
//% set activation = ["none", "relu", "silu", "gelu", "gelu-erf"][ending // 10 - 1]
//% set biased, added = ending % 2 == 1, ending % 10 > 1
//% if activation == "gelu-erf"
//%   include "gelu/erf.wgsl"
//% elif activation == "gelu"
// The form with a tanh: z times a sigmoid.
fn gelu(z: {{ number }}) -> {{ number }} {
  return z / (1.0 + exp(min(-1.5957691 * (z + 0.044715 * z * z * z), {{ number }}(80.0))));
}
//% elif activation == "silu"
fn silu(z: {{ number }}) -> {{ number }} {
  return z / (1.0 + exp(min(-z, {{ number }}(80.0))));
}
//% elif activation == "relu"
fn relu(z: {{ number }}) -> {{ number }} {
  return max(z, {{ number }}(0.0));
}
//% endif
//% if fused

fn epilogue(sum: {{ number }}, row: u32, column: u32) -> {{ number }} {
  return {{ "" if activation == "none" else activation[:4] }}(sum{{ " + bias[column]" if biased }})
{{- " + residual[row * shape.columns + column]" if added }};
}
//% endif
