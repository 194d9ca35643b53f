//% param number
// Abramowitz and Stegun 7.1.26: off by 1.5e-7 at most.
fn gelu(x: {{ number }}) -> {{ number }} {
  let a = abs(x) * 0.70710678;
  let t = 1.0 / (1.0 + 0.3275911 * a);
  let p = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 0.5 * x * (1.0 + sign(x) * (1.0 - p * exp(-a * a)));
}
