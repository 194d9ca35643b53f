"""Parts: widgets and helpers that know nothing of kernels, sessions or panels."""
