"""Charts: what to draw is plain data (``chart.py``), drawn by the same code live, loaded and exported."""
