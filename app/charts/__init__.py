"""Charts as plain data: scenes go in, pictures come out. The window draws them."""
