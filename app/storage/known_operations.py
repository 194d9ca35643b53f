"""What operations of packages come to in NumPy, for the few that a line says."""

_BINARY = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/", "MatMul": "@"}
_UNARY = {
    "Abs": "np.abs({x})",
    "Exp": "np.exp({x})",
    "Log": "np.log({x})",
    "Neg": "-{x}",
    "Relu": "np.maximum({x}, 0)",
    "Sigmoid": "1 / (1 + np.exp(-{x}))",
    "Softmax": "(lambda e: e / e.sum(-1, keepdims=True))(np.exp({x} - {x}.max(-1, keepdims=True)))",
    "Sqrt": "np.sqrt({x})",
    "Tanh": "np.tanh({x})",
}


def reference_of(operation: str, inputs: list[str], output: str) -> str:
    """A ``reference.py`` for ``ai.onnx.Add`` and the like; empty where nobody here knows what is right."""
    name = operation.rpartition(".")[2]
    given = [f'inputs["{one}"]' for one in inputs]
    if name in _BINARY and len(given) == 2:
        answer = f" {_BINARY[name]} ".join(given)
    elif name in _UNARY and len(given) == 1:
        answer = _UNARY[name].format(x=given[0])
    else:
        return ""
    head = "import numpy as np\n\n\ndef reference(inputs):\n"
    return f'{head}    return {{"{output}": np.asarray({answer})}}\n'
