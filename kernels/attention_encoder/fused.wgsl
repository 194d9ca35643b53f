//% include "attention_prefill/fused.wgsl"
