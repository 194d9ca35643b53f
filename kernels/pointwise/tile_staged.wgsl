//% include "matmul/tile_staged.wgsl"
