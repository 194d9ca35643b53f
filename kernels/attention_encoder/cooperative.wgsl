//% include "attention_prefill/cooperative.wgsl"
