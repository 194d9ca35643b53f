//% include "q4_matmul/threads.wgsl"
