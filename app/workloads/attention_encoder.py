"""attention-encoder: each token of a text looks at all of them, as in models that embed it."""

from app.workloads.attention_prefill import attention

WORKLOAD = attention(
    "attention-encoder", "Attention of a text: softmax(Q K' / sqrt(d)) V", False, "minilm-l6"
)
