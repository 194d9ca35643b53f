"""Weights in 4 bits: the bytes say what those who ship them say they mean, read here by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from app.core.shape import Shape
from app.core.sketch import sketch
from app.workloads import workloads
from app.workloads.blocks import BLOCK, EIGHTS, FORMATS, Blocks, activations, pack
from app.workloads.quantise import quantise_rows

ROWS, COLUMNS = 3, 512


def halves(raw: bytes) -> np.ndarray:
    return np.frombuffer(raw, "<f2").astype(np.float64)


def mlc(codes: bytes, scales: bytes) -> list[float]:
    """Element r of a word of 32 bits in bits 4r to 4r + 3, (q - 7) * s."""
    words = np.frombuffer(codes, "<u4")
    d = halves(scales)
    return [((int(words[i // 8]) >> 4 * (i % 8) & 15) - 7) * d[i // 32] for i in range(8 * len(words))]


def ort(codes: bytes, scales: bytes) -> list[float]:
    """Byte i: element 2i in its lower half, 2i + 1 in its upper one, (q - 8) * s."""
    d = halves(scales)
    return [((codes[i // 2] >> 4 * (i % 2) & 15) - 8) * d[i // 32] for i in range(2 * len(codes))]


def q4_0(codes: bytes, _: bytes) -> list[float]:
    """A scale, then 16 bytes: element j in the lower half of byte j, j + 16 in the upper one."""
    found: list[float] = []
    for at in range(0, len(codes), 18):
        d, q = halves(codes[at : at + 2])[0], codes[at + 2 : at + 18]
        found += [((byte & 15) - 8) * d for byte in q] + [((byte >> 4) - 8) * d for byte in q]
    return found


def q4_k(codes: bytes, _: bytes) -> list[float]:
    """As llama.cpp's ``get_scale_min_k4`` and ``dequantize_row_q4_K`` read it."""
    found: list[float] = []
    for at in range(0, len(codes), 144):
        d, dmin = halves(codes[at : at + 4])
        s, q = codes[at + 4 : at + 16], codes[at + 16 : at + 144]
        for j in range(8):
            if j < 4:
                scale, least = s[j] & 63, s[j + 4] & 63
            else:
                scale = s[j + 4] & 15 | s[j - 4] >> 6 << 4
                least = s[j + 4] >> 4 | s[j] >> 6 << 4
            part = q[32 * (j // 2) : 32 * (j // 2) + 32]
            found += [d * scale * (byte >> 4 * (j % 2) & 15) - dmin * least for byte in part]
    return found


READERS: dict[str, Callable[[bytes, bytes], list[float]]] = {
    "q4f16_1": mlc,
    "nbits": ort,
    "q4_0": q4_0,
    "q4_k": q4_k,
}


def weights(kind: str = "normal") -> np.ndarray:
    return workloads()["q4-matvec"].inputs(Shape(ROWS, COLUMNS), 1, kind)[0]


def packed(name: str, matrix: np.ndarray) -> Blocks:
    found = pack(matrix, FORMATS[name])
    assert isinstance(found, Blocks)
    return found


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", ["normal", "outliers"])
def test_the_bytes_stand_for_the_weights(name: str, kind: str) -> None:
    matrix = weights(kind)
    found = packed(name, matrix)
    wide = found.wide(COLUMNS)
    for row in range(ROWS):
        codes = found.packed["codes"][row].tobytes()
        scales = found.packed["scales"][row].tobytes() if "scales" in found.packed else b""
        assert np.allclose(READERS[name](codes, scales), wide[row], rtol=1e-6, atol=1e-7 * np.abs(wide).max())
    # Every weight is within half a step, and a little of what rounding scales to 16 bits takes at the ends.
    steps = np.repeat(np.abs(found.scales), BLOCK, axis=1)
    if name != "q4_k" or kind == "normal":  # beside an outlier, 6 bits of scale are too coarse for a block
        assert (np.abs(wide - matrix) <= 1.01 * steps + 1e-7).all()
        assert np.linalg.norm(wide - matrix) < 0.12 * np.linalg.norm(matrix)
    assert np.linalg.norm(wide - matrix) < 0.5 * np.linalg.norm(matrix)


@pytest.mark.parametrize("name", FORMATS)
def test_a_weight_takes_four_and_a_half_bits(name: str) -> None:
    found = packed(name, weights())
    assert sum(array.nbytes for array in found.packed.values()) * 8 == 4.5 * ROWS * COLUMNS
    drawn = pack(sketch((ROWS, COLUMNS)), FORMATS[name])
    assert isinstance(drawn, dict)
    assert {key: array.nbytes for key, array in drawn.items()} == {
        key: array.nbytes for key, array in found.packed.items()
    }


@pytest.mark.parametrize("name", FORMATS)
def test_zeros_and_ragged_rows_stay_what_they_are(name: str) -> None:
    matrix = np.zeros((2, 37), np.float32)
    assert not packed(name, matrix).wide(37).any()
    matrix[1, 36] = 1
    assert packed(name, matrix).wide(37)[1, 36] == pytest.approx(1, rel=1e-3)


@pytest.mark.parametrize("name", EIGHTS)
def test_blocks_of_eight_bits_are_a_scale_and_a_byte_for_each_weight(name: str) -> None:
    """Signed bytes in Q8_0; 64 in the middle where 7 bits are used."""
    matrix = weights("outliers")
    found = pack(matrix, EIGHTS[name])
    assert isinstance(found, Blocks)
    raw = found.packed["codes"].reshape(-1, 34)
    codes = raw[:, 2:].view(np.int8).astype(np.float64) - EIGHTS[name].zero
    read = (codes * halves(raw[:, :2].tobytes())[:, None]).reshape(ROWS, COLUMNS)
    assert np.allclose(read, found.wide(COLUMNS), rtol=1e-6)
    steps = np.repeat(found.scales, BLOCK, axis=1)
    assert (np.abs(read - matrix) <= 0.56 * steps).all()
    drawn = pack(sketch((ROWS, COLUMNS)), EIGHTS[name])
    assert isinstance(drawn, dict)
    assert drawn["codes"].nbytes == raw.nbytes


def test_rows_have_scales_of_their_own() -> None:
    matrix = weights() * np.array([[1], [1000], [0]], np.float32)
    found = quantise_rows(matrix)
    assert np.abs(found.values).max(axis=1).tolist() == [127, 127, 0]
    assert (np.abs(found.wide() - matrix) <= 0.51 * found.scales[:, None]).all()


def test_activations_have_a_scale_for_each_block() -> None:
    vector = np.concatenate([np.linspace(-1, 1, BLOCK), np.linspace(0, 100, BLOCK)]).astype(np.float32)
    found = activations(vector)
    assert found.codes.min() == -127
    assert found.codes.max() == 127
    assert found.scales.tolist() == pytest.approx([1 / 127, 100 / 127])
    assert np.abs(found.wide(2 * BLOCK) - vector).max() < 0.51 * 100 / 127


def test_these_are_the_bytes_of_onnx_runtime() -> None:
    """What MatMulNBits answers for them, where it is installed."""
    ort_, onnx = pytest.importorskip("onnxruntime"), pytest.importorskip("onnx")
    helper, kinds = onnx.helper, onnx.TensorProto
    matrix, found = weights(), packed("nbits", weights())
    x = np.random.default_rng(1).standard_normal((1, COLUMNS), dtype=np.float32)
    scales = found.scales.astype(np.float32).tobytes()
    graph = helper.make_graph(
        [
            helper.make_node(
                *("MatMulNBits", ["x", "b", "s"], ["y"]),
                domain="com.microsoft",
                K=COLUMNS,
                N=ROWS,
                bits=4,
                block_size=BLOCK,
            )
        ],
        "q4",
        [helper.make_tensor_value_info("x", kinds.FLOAT, [1, COLUMNS])],
        [helper.make_tensor_value_info("y", kinds.FLOAT, [1, ROWS])],
        [
            helper.make_tensor(
                *("b", kinds.UINT8, [ROWS, COLUMNS // BLOCK, 16], found.packed["codes"].tobytes()), raw=True
            ),
            helper.make_tensor("s", kinds.FLOAT, [ROWS * COLUMNS // BLOCK], scales, raw=True),
        ],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString()
    (answer,) = ort_.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, {"x": x})
    assert np.allclose(answer, x @ found.wide(COLUMNS).T, rtol=1e-4, atol=1e-4)
    assert not np.allclose(answer, x @ matrix.T, rtol=1e-4, atol=1e-4)
