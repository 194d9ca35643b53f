;;% include "matvec/rows.wat"
