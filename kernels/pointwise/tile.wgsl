//% include "matmul/tile.wgsl"
