"""Results: the table, its details and samples, the advice and the log."""
