"""Attention by hand, what its tolerances notice, and caches of fewer bits."""

import numpy as np
import pytest

from app.core.errors import UsageError
from app.core.kinds import NORMAL, OPERANDS
from app.core.shape import Shape
from app.core.workload import Operands
from app.measure.verify import compare, magnitudes, weighed
from app.workloads import workloads
from app.workloads.attention_decode import cached

NAMES = ("attention-prefill", "attention-encoder", "attention-decode")
SHAPE = Shape(70, 4, 2, 16)


def test_by_hand() -> None:
    """Two tokens in two heads that share one of keys: scores of 0 and of ln 3 weigh 1 to 3."""
    keys = np.array([[[0, 0, 0, 0]], [[1, 0, 0, 0]]], np.float32)
    values = np.array([[[4, 0, 0, 0]], [[8, 0, 0, 4]]], np.float32)
    query = np.array([[2 * np.log(3), 0, 0, 0], [0, 7, 0, 0]], np.float32)
    prompt, text, token = (workloads()[name] for name in NAMES)
    both = np.stack([query, query])
    seen = np.array([[7, 0, 0, 3], [6, 0, 0, 2]])
    assert text.reference((both, keys, values)) == pytest.approx(np.stack([seen, seen]), rel=1e-6)
    causal = prompt.reference((both, keys, values))
    assert causal[1] == pytest.approx(seen, rel=1e-6)
    assert causal[0].tolist() == [[4, 0, 0, 0]] * 2
    assert token.reference((both[:1], keys, values)) == pytest.approx(seen[None], rel=1e-6)
    # Four flops a pair and element, five more a pair; 55 pairs of ten tokens where they look back alone.
    assert [w.flops(Shape(10, 4, 2, 8)) for w in (prompt, text, token)] == [37 * 4 * n for n in (55, 100, 10)]
    # Keys and values of two heads at the storage's size; a prompt's queries too, a token's in f32.
    assert [w.bytes(Shape(10, 4, 2, 8), 2) for w in (prompt, token)] == [10 * 8 * (8 * 2 + 16), 640 + 256]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("shape", "why"), [(Shape(15, 2, 2, 8), "fewer than 16"), (Shape(40, 3, 2, 8), "evenly")]
)
def test_what_shows_little_or_cannot_be_shared_is_refused(name: str, shape: Shape, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        workloads()[name].inputs(shape, 1)


@pytest.mark.parametrize("kind", OPERANDS)
@pytest.mark.parametrize("name", NAMES)
def test_float32_is_within_the_tolerance_and_a_forgotten_token_is_not(name: str, kind: str) -> None:
    workload = workloads()[name]
    operands = workload.inputs(SHAPE, 1, kind)
    truth, sizes = workload.reference(operands), magnitudes(workload, operands)
    within = workload.tolerance("f32", "f32", SHAPE, float(np.linalg.norm(sizes) / np.linalg.norm(truth)))
    assert workload.native is not None
    assert compare(workload.native(operands), truth, truth, within, weighed(sizes)).acceptable
    queries, keys, values = operands
    noticed = []
    for token in range(0, len(values), 5):
        fewer = values.copy()
        fewer[token] = 0
        wrong = compare(workload.reference((queries, keys, fewer)), truth, truth, within, weighed(sizes))
        noticed.append(not wrong.acceptable)
    # Beside an outlier others weigh nothing.
    assert all(noticed) if kind == NORMAL else any(noticed)


def halved(operands: Operands) -> np.ndarray:
    """Attention of a text whose products are rounded to 16 bits, four of a score added up in as many."""
    queries, keys, values = (operand.astype(np.float16) for operand in operands)
    heads = []
    for head in range(queries.shape[1]):
        own = head // (queries.shape[1] // keys.shape[1])
        scale = np.float16(queries.shape[2] ** -0.5)
        products = (queries[:, head] * scale)[:, None] * keys[None, :, own]
        fours = products.reshape(*products.shape[:2], -1, 4).sum(axis=3, dtype=np.float16)
        scores = fours.sum(axis=2, dtype=np.float32)
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares = (weights[..., None].astype(np.float16) * values[None, :, own]).sum(axis=1, dtype=np.float32)
        heads.append(shares / weights.sum(axis=1, keepdims=True))
    return np.stack(heads, axis=1)


@pytest.mark.parametrize("size", [8, 64])
def test_products_of_16_bits_are_within_theirs_and_a_forgotten_token_is_not(size: int) -> None:
    """A prompt's first tokens are most of what one looks at; in a text of 256 each is little."""
    workload, shape = workloads()["attention-encoder"], Shape(256, 2, 1, size)
    operands = workload.inputs(shape, 1)
    stored = tuple(operand.astype(np.float16) for operand in operands)
    truth, sizes = workload.reference(stored), magnitudes(workload, operands)
    within = workload.tolerance("f16", "f32", shape, float(np.linalg.norm(sizes) / np.linalg.norm(truth)))
    assert compare(halved(operands), truth, truth, within, weighed(sizes)).acceptable
    queries, keys, values = stored
    forgotten = workload.reference((queries, keys, np.concatenate([values[:-1], values[:1] * 0])))
    assert not compare(forgotten, truth, truth, within, weighed(sizes)).acceptable


def test_a_cache_of_8_bits_has_a_scale_for_each_head_of_a_token() -> None:
    array = np.random.default_rng(1).standard_normal((20, 3, 8), dtype=np.float32)
    array[4, 1] *= 100
    array[5] = 0
    kept = cached(array, "i8")
    assert kept.scales is not None
    assert (kept.codes.dtype, kept.codes.shape, kept.scales.shape) == (np.int8, (20, 3, 8), (20, 3))
    assert (np.abs(kept.codes).max(axis=2)[array.any(axis=2)] == 127).all()
    assert (np.abs(kept.wide() - array) <= kept.scales[..., None] * 0.5001).all()
    assert not kept.wide()[5].any()
    assert cached(array, "f16").wide().dtype == np.float16
    assert cached(array, "f32").wide() is array


def test_scales_of_channels_keep_what_outliers_cost_a_cache() -> None:
    """Of keys whose channels have outliers, a scale for each head of a token loses what is in the others."""
    decode = workloads()["attention-decode"]
    queries, keys, values = decode.inputs(Shape(512, 8, 8, 64), 1)
    keys[:, :, 5] *= np.float32(20)
    exact = decode.reference((queries, keys, values))

    def error(storage: str) -> float:
        kept = (queries, cached(keys, storage).wide(), cached(values, "i8").wide())
        return float(np.linalg.norm(decode.reference(kept) - exact) / np.linalg.norm(exact))

    assert error("i8-channels") < 0.03
    assert error("i8") > 3 * error("i8-channels")
