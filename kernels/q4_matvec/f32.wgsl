//% include "matvec/matvec.wgsl"
