import numpy as np


def reference(inputs):
    image = np.pad(inputs["image"], 1, mode="edge")
    rows, columns = inputs["image"].shape
    return sum(image[i : i + rows, j : j + columns] for i in range(3) for j in range(3)) / 9
