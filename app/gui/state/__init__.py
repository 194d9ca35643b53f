"""State: the run, the session, the hardware and the comparison behind every panel."""
