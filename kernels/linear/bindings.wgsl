{#- What a fused ending reads beside the products: bindings from `next` on. -#}
//% param next, number
//% param ending
//% if ending % 10 > 1
@group(0) @binding({{ next }}) var<storage, read> residual: array<{{ number }}>;
//% endif
//% if ending % 2 == 1
@group(0) @binding({{ next + (ending % 10 > 1) | int }}) var<storage, read> bias: array<{{ number }}>;
//% endif
