"""The catalogue: every variant, its text and program, named plans, and choices made into plans."""
