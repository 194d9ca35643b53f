"""Sessions that were really measured, for where there is nothing to measure on."""
