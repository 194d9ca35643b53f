;;% include "matmul/naive.wat"
