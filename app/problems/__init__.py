"""Problems of the user's own: a folder's ``problem.toml`` as data, and what follows from it.

Nothing here reads a folder or runs a reference by itself: a problem is data, which sessions keep.
"""
