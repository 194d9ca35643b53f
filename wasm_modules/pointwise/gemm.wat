;;% include "matmul/gemm.wat"
