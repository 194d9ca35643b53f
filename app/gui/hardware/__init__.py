"""The hardware panel: targets, features, limits, and browsers to add."""
