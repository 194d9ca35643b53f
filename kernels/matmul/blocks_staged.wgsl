//% include "q4_matmul/staged.wgsl"
