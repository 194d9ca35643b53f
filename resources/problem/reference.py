"""The right answer: whatever NumPy says in double precision."""


def reference(inputs):
    """``inputs`` has every input as a float64 (or int64) array, every scalar and size as a number, by name.

    Returns a dictionary with an array for each output.
    """
    return {"z": inputs["a"] * inputs["x"] + inputs["y"]}
