"""Findings: what a session says, as pure functions over its rows."""
