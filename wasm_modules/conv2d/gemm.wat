;;% param name, techniques
;; conv2d {{ name }}: {{ "windows copied beside each other, then" if "im2col" in techniques else "tiles transformed, sixteen products, pixels put together:" }}
;;% include "matmul/gemm.wat"
