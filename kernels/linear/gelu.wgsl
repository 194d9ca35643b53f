//% param wide
//% set number = "vec4<f32>" if wide else "f32"
// The form with a tanh: z times a sigmoid. exp of more than 80 may be beyond f32.
fn gelu(z: {{ number }}) -> {{ number }} {
  return z / (1.0 + exp(min(-1.5957691 * (z + 0.044715 * z * z * z), {{ number }}(80.0))));
}
