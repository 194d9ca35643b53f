import numpy as np


def reference(inputs):
    return np.cumsum(inputs["x"])
