"""Pictures of the window for the README and the docs, taken by ``take.py`` so that they stay true."""
