"""The question: what to run, where, at which sizes; and what starts it."""
