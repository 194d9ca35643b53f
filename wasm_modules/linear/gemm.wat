{% include "matmul/gemm.wat" %}
