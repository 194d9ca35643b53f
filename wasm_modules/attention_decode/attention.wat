;;% include "attention_prefill/attention.wat"
