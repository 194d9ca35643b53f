"""Session files and tables: what leaves the program, and how it comes back."""
