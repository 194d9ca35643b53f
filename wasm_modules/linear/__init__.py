"""Y = activation(X W + bias) + residual in WebAssembly."""
