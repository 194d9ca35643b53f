"""The compare panel: sessions beside each other, and what is surely different."""
