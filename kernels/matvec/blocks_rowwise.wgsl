//% include "q4_matvec/rowwise.wgsl"
