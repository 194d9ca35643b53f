//% param name
// conv2d {{ name }}: a row of A for each pixel, what its window sees, found in the image.
//% include "matmul/tile_staged.wgsl"
