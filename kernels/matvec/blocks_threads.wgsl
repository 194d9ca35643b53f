//% include "q4_matvec/threads.wgsl"
