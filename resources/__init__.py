"""Icons and pictures, found through importlib.resources."""
