"""What this machine is known for: tuned parameters and ceilings, kept in the user's data folder."""
