"""Measuring: prepare, verify, calibrate, then visit every variant in turn until each is sure enough."""
