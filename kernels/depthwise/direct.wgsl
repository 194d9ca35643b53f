//% include "conv2d/direct.wgsl"
