;;% include "q4_matvec/rows.wat"
