"""The history panel: what was measured before, and trends over it."""
