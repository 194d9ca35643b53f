;;% include "q4_matmul/tile.wat"
