"""Verification is worth something only if it notices: break each template and watch every variant fail."""

from collections.abc import Callable

import pytest
from jinja2 import Environment
from msgspec import structs

from app.catalog import render
from app.catalog.declarations import Templates
from app.catalog.index import find
from app.catalog.programs import source
from app.core.edit import Edit, beside
from app.core.measurement import Status
from app.core.plan import Settings, make_plan
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.variant import why_not
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import take_session

SIZES = {1: Shape(1030), 2: Shape(63, 130), 3: Shape(33, 65, 70), 4: Shape(17, 6, 2, 12)}

OWN_SIZES = {"q4-matvec": Shape(63, 256)}
"""Where the last block would be nothing but padding."""

SHARED = {"rows.wgsl": "softmax", "rows.wat": "layernorm", "exp.wat": "softmax", "elements.wat": "gelu"}
"""A workload that shows what a file breaks that several take in."""

MUTATIONS = {
    "drops a word": (
        "kernels/matvec/matvec.wgsl",
        "var k = 0u;",
        "var k = 1u;",
        "f32,f16,u8,u8-f16,u8-dot4,i8-dot4,f16-storage+swizzle,u8-dot4+coalesced",
    ),
    "stops a row short": (
        "kernels/matvec/matvec.wgsl",
        "if ({{ row }} < shape.rows)",
        "if ({{ row }} + 1u < shape.rows)",
        "f32,u8-dot4,f16+shared+swizzle,u8+coalesced+subgroup",
    ),
    "slips by a row": (
        "kernels/matvec/matvec.wgsl",
        "= min(first +",
        "= min(1u + first +",
        "f32,f16,u8-dot4,f32+shared,u8+subgroup",
    ),
    "stages too few words": (
        "kernels/matvec/matvec.wgsl",
        "if (lane < count)",
        "if (lane + 1u < count)",
        "f32+shared,u8-dot4+shared+swizzle,f16+coalesced+shared",
    ),
    "hands on the wrong lane": (
        "kernels/matvec/matvec.wgsl",
        "subgroupShuffle(mine{{ i }}, i)",
        "subgroupShuffle(mine{{ i }}, i ^ 1u)",
        "f32+subgroup,u8-dot4+subgroup+swizzle,f16+coalesced+subgroup",
    ),
    "interleaves the wrong rows": (
        "kernels/matvec/matvec.wgsl",
        "{{ ' + ' ~ offset ~ 'u' if offset }}",
        "",
        "f32+swizzle,u8-dot4+shared+swizzle",
    ),
    "forgets the zero points": (
        "kernels/matvec/words.wgsl",
        '") + zero[" ~ row ~ "])"',
        '"))"',
        "u8-dot4,u8-dot4+rowwise,u8-dot4+splitk",
    ),
    "halves the tree too early": (
        "kernels/matvec/matvec_rowwise.wgsl",
        "half > 0u",
        "half > 1u",
        "f32+rowwise,u8-dot4+splitk",
    ),
    "leaves a subgroup out": (
        "kernels/matvec/matvec_rowwise.wgsl",
        "var i = 1u; i < subgroups",
        "var i = 2u; i < subgroups",
        "f32+splitk+subgroup",
    ),
    "forgets the words behind the last round": (
        "kernels/matvec/matvec_subgroup.wgsl",
        "for (; k < end; k += lanes)",
        "for (; k + lanes < end; k += lanes)",
        "f32+rowwise+subgroup,u8-dot4+rowwise+subgroup",
    ),
    "leaves a part out": (
        "kernels/matvec/matvec_rowwise.wgsl",
        "var i = 1u; i < {{ split }}u",
        "var i = 2u; i < {{ split }}u",
        "f32+splitk,i8-dot4+splitk+subgroup",
    ),
    "a query sees one key too many": (
        "kernels/attention_prefill/fused.wgsl",
        "t > first + {{ a }}u",
        "t > first + {{ a + 1 }}u",
        "f32-queries2,f32-queries8",
    ),
    "a query misses itself": (
        "kernels/attention_prefill/fused.wgsl",
        "t < end; t++",
        "t + 1u < end; t++",
        "f32,f32-queries4",
    ),
    "the sum of weights is not carried on": (
        "kernels/attention_prefill/fused.wgsl",
        "total{{ a }} * kept{{ a }} + p{{ a }}",
        "total{{ a }} + p{{ a }}",
        "f32,f32-queries2",
    ),
    "all heads share the first keys": (
        "kernels/attention_prefill/fused.wgsl",
        "head / (shape.heads / shape.key_heads)",
        "0u",
        "f32,f32-queries8",
    ),
    "scores miss their scale": (
        "kernels/attention_prefill/passes.wgsl",
        " * shape.scale",
        "",
        "f32-passes",
    ),
    "weights are not divided": (
        "kernels/attention_prefill/passes.wgsl",
        "weights[row + t] /= total;",
        "weights[row + t] /= 1.0;",
        "f32-passes",
    ),
    "a word of a head is another": (
        "kernels/attention_prefill/header.wgsl",
        "(token * heads + head) * {{ words }}u",
        "(token * heads + head / 2u) * {{ words }}u",
        "f32,f32-passes",
    ),
    "codes of neighbours swap": (
        "kernels/q4_matvec/formats.wgsl",
        "let even = both & NIBBLES;",
        "let even = (both >> vec4<u32>(4u)) & NIBBLES;",
        "q4f16_1,nbits-dot4,nbits+rowwise+subgroup",
    ),
    "a block of 18 bytes begins in the wrong half": (
        "kernels/q4_matvec/formats.wgsl",
        "let within = k % 2u == 1u;",
        "let within = k % 2u == 0u;",
        "q4_0,q4_0-dot4+rowwise+subgroup",
    ),
    "two bits of a scale are lost": (
        "kernels/q4_matvec/formats.wgsl",
        "((head.y >> 2u) & 0x30303030u)",
        "((head.y >> 2u) & 0x10101010u)",
        "q4_k,q4_k-dot4",
    ),
    "the middle of the codes is forgotten": (
        "kernels/q4_matvec/arithmetic.wgsl",
        " + scaled.y * {{ b }}.offset",
        "",
        "q4f16_1-dot4,nbits-dot4,q4_0-dot4,q4_k-dot4",
    ),
    "a word of codes is multiplied twice": (
        "kernels/q4_matvec/arithmetic.wgsl",
        '"high.w"]',
        '"high.z"]',
        "q4f16_1,nbits-f16,q4_0,q4_k-f16",
    ),
    "a thread leaves the last block out": (
        "kernels/q4_matvec/threads.wgsl",
        "k < shape.blocks",
        "k + 1u < shape.blocks",
        "nbits,q4f16_1-dot4",
    ),
    "a subgroup leaves the last block out": (
        "kernels/q4_matvec/rowwise.wgsl",
        "k < end; k += lanes",
        "k + 1u < end; k += lanes",
        "nbits+rowwise+subgroup,q4f16_1-dot4+rowwise+subgroup",
    ),
    "the halves of bytes swap": (
        "wasm_modules/q4_matvec/formats.wat",
        '{{ "yes" if (b % 2 if format == "q4_k" else i) }}',
        '{{ "yes" if not (b % 2 if format == "q4_k" else i) }}',
        "q4f16_1,nbits-i8-relaxed,q4_0,q4_k-i8-relaxed",
    ),
    "a byte of six bits is the wrong one": (
        "wasm_modules/q4_matvec/formats.wat",
        "{{ 4 + 4 * word + b }}",
        "{{ 4 + 4 * word }}",
        "q4_k,q4_k-i8-relaxed",
    ),
    "the middle of the codes is another": (
        "wasm_modules/q4_matvec/formats.wat",
        "else -8",
        "else -7",
        "nbits,q4_0,q4_0-i8-relaxed",
    ),
    "half a block is multiplied twice": (
        "wasm_modules/q4_matvec/rows.wat",
        "{{ b * block_bytes + 48 }}",
        "{{ b * block_bytes + 32 }}",
        "q4f16_1-i8-relaxed,q4_k-i8-relaxed",
    ),
    "every row is the first": (
        "wasm_modules/q4_matvec/rows.wat",
        'inc("$at", mul("$units", rows * unit_bytes))',
        'inc("$at", 0)',
        "q4f16_1,q4_k",
    ),
    "walk stops short": (
        "kernels/reduce/walk.wgsl",
        "for (; k < end; k +=",
        "for (; k + 1u < end; k +=",
        "f32+shared,f32+subgroup",
    ),
    "reduce halves the tree too early": (
        "kernels/reduce/reduce.wgsl",
        "half > 0u",
        "half > 1u",
        "f32+shared",
    ),
    "reduce leaves a subgroup out": (
        "kernels/reduce/reduce.wgsl",
        "var i = 1u; i < subgroups",
        "var i = 2u; i < subgroups",
        "f32+subgroup",
    ),
    "reduce leaves a workgroup out": (
        "kernels/reduce/reduce.wgsl",
        "var i = lane; i <",
        "var i = lane + 1u; i <",
        "f32+shared,f32+subgroup",
    ),
    "copy repeats a word": (
        "kernels/copy/copy.wgsl",
        "source[{{ k }}]",
        "source[min({{ k }}, shape.words - 2u)]",
        "f32",
    ),
    "fma leaves steps out": (
        "kernels/fma/fma.wgsl",
        "for u in range(unroll // 2)",
        "for u in range(1, unroll // 2)",
        "f32,f16,u8-dot4,i8-dot4",
    ),
    "fma adds the wrong number": (
        "kernels/fma/fma.wgsl",
        "half, one)",
        "half, two)",
        "f32,f16",
    ),
    "a dispatch leaves a number out": (
        "kernels/transfer/copy.wgsl",
        "var i = lane;",
        "var i = lane + 1u;",
        "dispatch",
    ),
    "rows skip an add": (
        "wasm_modules/matvec/rows.wat",
        "for s in range(1, sums)",
        "for s in range(2, sums)",
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "rows drop a lane": (
        "wasm_modules/matvec/types.wat",
        "({{ lane }}.extract_lane {{ many - 1 }} {{ get }})",
        "(f32.const 0)",
        "f32-simd,f32-relaxed,f32-simd+rows,f32-relaxed+rows,f16-storage,bf16-storage",
    ),
    "rows read the wrong word": (
        "wasm_modules/matvec/types.wat",
        '"(v128.load offset=%d (local.get $a))" % offset',
        '"(v128.load offset=%d (local.get $a))" % 0',
        "f32-simd,f32-relaxed+rows,f16-storage,i8-extmul,i8-dot,i8-relaxed",
    ),
    "rows slip by a block": (
        "wasm_modules/matvec/rows.wat",
        '{{ set("$a", "$matrix") }}',
        '{{ set("$a", add("$matrix", "$block_bytes")) }}',
        "f32-scalar,f32-simd,i8-relaxed",
    ),
    "i8 forgets the zero point": (
        "wasm_modules/matvec/types.wat",
        "(i32.load offset={{ 4 * row }} (local.get $z))",
        "(i32.const 0)",
        "i8-relaxed",
    ),
    "f16 loses its sign": (
        "wasm_modules/matvec/types.wat",
        "v128.const i32x4 0x8fffe000",
        "v128.const i32x4 0x0fffe000",
        "f16-storage",
    ),
    "bf16 swaps evens and odds": (
        "wasm_modules/matvec/types.wat",
        '(i32.const 16))", x0',
        '(i32.const 16))", x1',
        "bf16-storage",
    ),
    "i8 multiplies one half twice": (
        "wasm_modules/matvec/types.wat",
        "i16x8.extmul_high_i8x16_s",
        "i16x8.extmul_low_i8x16_s",
        "i8-extmul",
    ),
    "i8 widens one half twice": (
        "wasm_modules/matvec/types.wat",
        "i16x8.extend_high_i8x16_s",
        "i16x8.extend_low_i8x16_s",
        "i8-dot",
    ),
    "multiply-adds leave a step out": (
        "wasm_modules/fma/fma.wat",
        "(local.get $point) (local.get $one)",
        "(local.get $point) (local.get $two)",
        "f32-relaxed",
    ),
    "multiply-adds forget half the chains": (
        "wasm_modules/fma/fma.wat",
        '"$half", 16, 32',
        '"$half", 16, 16',
        "f32-relaxed,i8-relaxed",
    ),
    "the sum leaves upper lanes out": (
        "wasm_modules/reduce/reduce.wat",
        "(i8x16.shuffle 8 9 10 11 12 13 14 15",
        "(i8x16.shuffle 0 1 2 3 4 5 6 7",
        "f32-simd",
    ),
    "the copy repeats itself": (
        "wasm_modules/copy/copy.wat",
        "(v128.load offset={{ 16 * i }}",
        "(v128.load offset=0",
        "f32-simd",
    ),
    "a share of the rows is left out": (
        "wasm_modules/matvec/rows.wat",
        'part("$from", "$to", "$blocks")',
        'part("$from", "$to", sub("$blocks", 1))',
        "f32-relaxed+rows+threads,i8-relaxed+threads",
    ),
    "matmul drops a tail of the depth": (
        "wasm_modules/matmul/pack.wat",
        '(local.get $fast) (local.get $depth) {{ min("$rows", mr) }}',
        '(local.get $fast) (local.get $fast) {{ min("$rows", mr) }}',
        "i8-dot,i7-relaxed",
    ),
    "matmul leaves an edge out": (
        "wasm_modules/matmul/block.wat",
        "(call $copy (local.get $spare)",
        "(call $copy (local.get $at)",
        "f32-scalar,f32-simd,f32-relaxed,i8-scalar,i8-dot,i7-relaxed",
    ),
    "matmul shuffles the wrong row": (
        "wasm_modules/matmul/types.wat",
        "{{ i % held * cell + n % cell }}",
        "{{ (i + 1) % held * cell + n % cell }}",
        "f32-simd,f32-relaxed,i8-dot,i7-relaxed",
    ),
    "matmul forgets the zero point": (
        "wasm_modules/matmul/types.wat",
        "(i32x4.add (local.get {{ sum }}) (v128.load offset={{ 16 * j }} (local.get $zero)))",
        "(local.get {{ sum }})",
        "i7-relaxed",
    ),
    "matmul zips the wrong rows": (
        "wasm_modules/matmul/pack_bytes.wat",
        "0 1 16 17 2 3",
        "16 1 0 17 2 3",
        "i8-dot,i7-relaxed",
    ),
    "naive starts late": (
        "wasm_modules/matmul/naive.wat",
        '{{ set("$k", "$depth") }}',
        '{{ set("$k", add("$depth", -1)) }}',
        "f32-naive",
    ),
    "naive drops a product": (
        "kernels/matmul/simple.wgsl",
        "var k = 0u; k < shape.depth; k++",
        "var k = 1u; k < shape.depth; k++",
        "f32-naive,f16-naive,u8-dot4-naive",
    ),
    "shared tiles end early": (
        "kernels/matmul/simple.wgsl",
        "k + local.x < depth",
        "k + local.x + 1u < depth",
        "f32-shared,f16-sum16-shared,u8-dot4-shared",
    ),
    "register tiles drop a word": (
        "kernels/matmul/tile.wgsl",
        "var k = 0u; k < depth; k++",
        "var k = 1u; k < depth; k++",
        "f32-tile,f16-tile,u8-dot4-tile,f32-tile+swizzle",
    ),
    "register tiles drop a product": (
        "kernels/matmul/words.wgsl",
        "{%- for i in range(4) %}",
        "{%- for i in range(3) %}",
        "f32-tile,f32-tile+shared,f16-sum16-tile+subgroup+swizzle",
    ),
    "lanes of a tile get each other's words": (
        "kernels/matmul/tile.wgsl",
        "subgroupShuffle(mine{{ r }}, i)",
        "subgroupShuffle(mine{{ r }}, i ^ 1u)",
        "f32-tile+subgroup,u8-dot4-tile+subgroup+swizzle",
    ),
    "staging stands still": (
        "kernels/matmul/staging.wgsl",
        "a[from_a{{ i }} + {{ k }}]",
        "a[from_a{{ i }}]",
        "f32-tile+shared,u8-dot4-tile+shared",
    ),
    "leaves a part of the depth out": (
        "kernels/matmul/sums.wgsl",
        "var i = 1u; i < {{ split }}u",
        "var i = 2u; i < {{ split }}u",
        "f32-tile+shared+splitk,u8-dot4-tile+shared+splitk",
    ),
    "bands of workgroups overlap": (
        "kernels/matmul/tile.wgsl",
        "u + within % band_rows",
        "u",
        "f32-tile+swizzle,u8-dot4-tile+swizzle",
    ),
    "columns keep their zero points": (
        "kernels/matmul/words.wgsl",
        " + column_zero[{{ column }}]",
        "",
        "u8-dot4-tile,u8-dot4-tile+shared",
    ),
    "rows end a word early": (
        "kernels/rows.wgsl",
        "for (; k < shape.words; k +=",
        "for (; k + 1u < shape.words; k +=",
        "f32,f32+online,f32+rowwise,f16-storage+online",
    ),
    "rows halve the tree too early": (
        "kernels/rows.wgsl",
        "half > 0u",
        "half > 1u",
        "f32+rowwise,f32+online+rowwise",
    ),
    "rows leave a subgroup out": (
        "kernels/rows.wgsl",
        "var i = 1u; i < subgroups",
        "var i = 2u; i < subgroups",
        "f32+rowwise+subgroup,f16-storage+rowwise+subgroup",
    ),
    "softmax forgets the largest in its sum": (
        "kernels/softmax/softmax.wgsl",
        "sums += exp(w0 - top)",
        "sums += exp(w0)",
        "f32,f32+rowwise,f32+rowwise+subgroup",
    ),
    "softmax keeps sums of a smaller largest": (
        "kernels/softmax/softmax.wgsl",
        "sums * exp(largest - next)",
        "sums",
        "f32+online,f16-storage+online",
    ),
    "turns take one register for all": (
        "wasm_modules/rows.wat",
        "caller(i, i * width)",
        "caller(i, 0)",
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "exp takes half of ln 2 away": (
        "wasm_modules/exp.wat",
        "number(2.12194440e-4)",
        "number(0)",
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "softmax of Wasm adds x up": (
        "wasm_modules/softmax/softmax.wat",
        'plus("$s%d" % i, "$scale")',
        'plus("$s%d" % i, load("$a", offset))',
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "rmsnorm forgets epsilon": (
        "kernels/rmsnorm/rmsnorm.wgsl",
        " + shape.epsilon",
        "",
        "f32,f32+rowwise,f32+rowwise+subgroup,f16-storage",
    ),
    "rmsnorm takes one gain for a turn": (
        "wasm_modules/rmsnorm/rmsnorm.wat",
        'load("$b", offset)',
        'load("$b")',
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "layernorm counts what pads a row": (
        "kernels/layernorm/layernorm.wgsl",
        "let off{{ r }} = mask * (",
        "let off{{ r }} = (",
        "f32,f32+rowwise,f32+rowwise+subgroup,f16-storage+rowwise+subgroup",
    ),
    "layernorm leaves the lanes' means apart": (
        "kernels/layernorm/layernorm.wgsl",
        "squares{{ r }} += count * off{{ r }} * off{{ r }};",
        "",
        "f32+online,f32+online+rowwise,f16-storage+online",
    ),
    "layernorm leaves the last elements out": (
        "wasm_modules/layernorm/layernorm.wat",
        "(f32.mul (local.get $off) (local.get $off))",
        "(f32.const 0)",
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "transpose reads the first columns alone": (
        "kernels/transpose/elements.wgsl",
        "shape.columns + column]",
        "shape.columns + min(column, 7u)]",
        "f32,f32+gathered",
    ),
    "transpose turns no tile over": (
        "kernels/transpose/shared.wgsl",
        "tile[local.x * {{ pitch }}u + local.y]",
        "tile[local.y * {{ pitch }}u + local.x]",
        "f32+shared,f32+padded+shared",
    ),
    "transpose repeats a block": (
        "kernels/transpose/tile.wgsl",
        "w{{ 4 * b + i }}",
        "w{{ i }}",
        "f32+tile",
    ),
    "transpose of Wasm lets bands overlap": (
        "wasm_modules/transpose/transpose.wat",
        'mul("$row_bytes", rows)',
        '"$row_bytes"',
        "f32-scalar,f32-simd",
    ),
    "gelu takes a coefficient's sign away": (
        "kernels/gelu/gelu.wgsl",
        "t * (-0.284496736",
        "t * (0.284496736",
        "f32,f16-storage",
    ),
    "gelu of Wasm takes a coefficient's sign away": (
        "wasm_modules/gelu/gelu.wat",
        "number(-1.453152027)",
        "number(1.453152027)",
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "elements take one register for all": (
        "wasm_modules/elements.wat",
        "caller(i * width)",
        "caller(0)",
        "f32-scalar,f32-simd,f32-relaxed",
    ),
    "swiglu turns its gate round": (
        "kernels/swiglu/swiglu.wgsl",
        "exp(min(-x",
        "exp(min(x",
        "f32,f32+apart,f16-storage",
    ),
    "swiglu repeats what it multiplies by": (
        "wasm_modules/swiglu/swiglu.wat",
        'load("$b", offset)',
        'load("$b")',
        "f32-simd,f32-relaxed",
    ),
    "gather repeats a word": (
        "kernels/gather/gather.wgsl",
        '"place + " ~ at(i)',
        '"place"',
        "f32,f32+rowwise,f16-storage,f16-storage+rowwise",
    ),
    "gather of Wasm reads one row": (
        "wasm_modules/gather/gather.wat",
        'mul("$id", "$row_bytes")',
        '"$row_bytes"',
        "f32-bulk,f32-simd",
    ),
    "scan forgets what came before": (
        "kernels/scan/serial.wgsl",
        "before = sums.w;",
        "",
        "f32",
    ),
    "scan forgets the lanes before": (
        "kernels/scan/scan.wgsl",
        "before + (up_to - own)",
        "before",
        "f32+shared,f32+blelloch+shared,f32+subgroup",
    ),
    "scan adds two of a word up": (
        "kernels/scan/prefix.wgsl",
        "pair + w.z,",
        "pair,",
        "f32,f32+shared",
    ),
    "scan of Wasm shifts once": (
        "wasm_modules/scan/scan.wat",
        "for lanes in (1, 2)",
        "for lanes in (1,)",
        "f32-simd",
    ),
}
"""What breaks, by name: template, right text, wrong text, and variants that must all be wrong then."""


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_broken_template_is_a_wrong_result(
    name: str, monkeypatch: pytest.MonkeyPatch, supervisor: Supervisor, targets: list[Target]
) -> None:
    file, right, wrong, affected = MUTATIONS[name]
    package, *folder, template = file.split("/")
    workload = folder[0].replace("_", "-") if folder else SHARED[template]
    runtime = {"kernels": Runtime.WGSL, "wasm_modules": Runtime.WASM}[package]
    engine = {Runtime.WGSL: "webgpu", Runtime.WASM: "wasmtime"}[runtime]
    target = next((target for target in targets if target.engine == engine), None)
    if target is None:
        pytest.skip("no adapter here")
    unbroken = Templates.get_source

    def broken(self: Templates, environment: Environment, name: str) -> tuple[str, str, Callable[[], bool]]:
        text, *rest = unbroken(self, environment, name)
        if name == "/".join([*folder, template]):
            assert right in text
            text = text.replace(right, wrong)
        return (text, *rest)

    monkeypatch.setattr(Templates, "get_source", broken)
    monkeypatch.setattr(render, "_environment", render._environment.__wrapped__)
    shape = OWN_SIZES.get(workload) or SIZES[len(workloads()[workload].dimensions)]
    likes = [find(workload, variant, runtime) for variant in affected.split(",")]
    edits = [
        Edit(
            workload=workload,
            runtime=runtime,
            name=f"broken-{number}",
            like=like.name,
            text=source(like, like.defaults(target, shape)),
            parameters=like.defaults(target, shape),
        )
        for number, like in enumerate(likes)
        if not why_not(like, target)
    ]
    assert edits
    mutants = [beside(edit, find(workload, edit.like, runtime))[1] for edit in edits]
    plan = make_plan([target], mutants, [shape], settings=Settings(seconds=1e-9, batch_seconds=1e-6))
    session, _ = take_session(supervisor, targets, structs.replace(plan, edits=tuple(edits)))
    ends = {(m.case.variant, m.reason): m.status for m in session.measurements}
    assert len(ends) == len(edits)
    assert set(ends.values()) == {Status.WRONG}, ends
