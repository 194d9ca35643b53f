"""The process boundary: what may crash or hang runs in a child that speaks JSON lines."""
