"""The quality of a model's answers, and its weights by the names of a file."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import KernelscopeError
from app.machine.weights import use
from app.measure.quality import judged, texts
from app.workloads import trained, workloads
from app.workloads.encoder import weight_shapes

ENCODER = workloads()["encoder"]


def test_the_shipped_texts_fit_the_models() -> None:
    assert len(texts()) == 40
    assert all(16 <= len(one) <= 512 and one[0] == 101 and one[-1] == 102 for one in texts())
    assert max(map(max, texts())) < 30522


def test_quality_is_one_for_the_same_answer_and_less_for_another() -> None:
    random = np.random.default_rng(1)
    exact = random.standard_normal((40, 64))
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    same = judged(exact, exact, "made up")
    assert (round(same.cosine, 6), round(same.rank, 6), same.nearest, same.texts) == (1, 1, 1, 40)
    off = judged(exact + 0.1 * random.standard_normal(exact.shape), exact, "made up")
    assert 0.5 < off.cosine < 0.99
    assert 0.3 < off.rank < 0.99
    assert "rank correlation" in off.words


def named(shape_of: dict[str, tuple[int, ...]]) -> dict[str, np.ndarray]:
    """Tensors of those shapes by BERT's names, matrices turned."""
    random = np.random.default_rng(2)
    found = {}
    for name, size in shape_of.items():
        parts, array = name.split(" "), random.standard_normal(size, dtype=np.float32)
        ends = {"gain": "weight", "shift": "bias"}
        if name == "words":
            found["embeddings.word_embeddings.weight"] = array
        elif name == "places":
            found["embeddings.position_embeddings.weight"] = array
            found["embeddings.token_type_embeddings.weight"] = np.zeros((2, size[1]), np.float32)
        elif name.startswith("norm 0"):
            found[f"embeddings.LayerNorm.{ends[parts[-1]]}"] = array
        elif parts[2] == "norm":
            where = "attention.output.LayerNorm" if parts[3] == "1" else "output.LayerNorm"
            found[f"encoder.layer.{parts[1]}.{where}.{ends[parts[-1]]}"] = array
        else:
            end = "bias" if parts[-1] == "bias" else "weight"
            where = trained._LAYER[parts[2]]
            found[f"encoder.layer.{parts[1]}.{where}.{end}"] = array.T if array.ndim == 2 else array
    return found


def test_weights_of_a_file_take_the_place_of_seeded_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = ENCODER.odd[0]
    tensors = named(weight_shapes(shape))
    header, data = {}, b""
    for name, array in tensors.items():
        raw = np.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    path = tmp_path / "tiny.safetensors"
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    monkeypatch.setenv(trained.FILE, "")
    monkeypatch.setenv(trained.LABEL, "")
    label = use(str(path))
    assert label.startswith("tiny.safetensors, licence not known, sha256 ")
    operands = ENCODER.inputs(shape, 1)
    names = list(weight_shapes(shape))
    query = operands[3 + names.index("layer 1 query")]
    assert np.array_equal(query, tensors["encoder.layer.1.attention.self.query.weight"].T)


def test_weights_that_are_not_there_are_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(KernelscopeError, match="weights fetch minilm-l6"):
        use("minilm-l6")
    with pytest.raises(KernelscopeError, match="there are no weights"):
        use(str(tmp_path / "none.safetensors"))
