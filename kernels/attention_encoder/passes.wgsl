//% include "attention_prefill/passes.wgsl"
