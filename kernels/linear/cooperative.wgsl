//% include "matmul/cooperative.wgsl"
