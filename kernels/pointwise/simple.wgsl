//% include "matmul/simple.wgsl"
