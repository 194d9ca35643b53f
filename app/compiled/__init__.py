"""What compilers make of kernels: machine code read, its hot loop found, its instructions counted."""
