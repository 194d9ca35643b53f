"""What instructions are for, and which loop is the hot one, on code written out."""

from app.compiled.amd import read as read_amd
from app.compiled.x86 import read
from app.core.code import Code, Work

AMD = """
BB0:
  s_mov_b32 s3, 0                  ; be830380
BB1:
  s_cbranch_scc0 BB3               ; bf84000e
BB2:
  s_waitcnt vmcnt(0)               ; bf8cc07f
  buffer_load_dword v4, v0, s[0:3], 0 offen ; 00
  v_cvt_f32_ubyte0_e32 v5, v4      ; 00
  v_lshl_add_u32 v6, s3, 2, v0     ; 00
  v_fma_f32 v1, v5, v4, v1         ; 00
  v_pk_fma_f16 v1, v5, v4, v1      ; 00
  s_branch BB1                     ; bf82ffee
BB3:
  v_mul_f32_e32 v1, v1, v1         ; 00
  s_endpgm
"""


def code(instructions: object, loop: object) -> Code:
    return Code(target="t", label="t", entry="main", instructions=instructions, loop=loop)  # type: ignore[arg-type]


def test_the_loop_of_amds_assembly_is_counted_by_what_it_does() -> None:
    found = code(*read_amd(AMD))
    assert found.multiply_adds == 3
    assert found.counts == {
        Work.USEFUL: 2,
        Work.MEMORY: 1,
        Work.CONVERSION: 1,
        Work.SCALAR: 3,
        Work.WAITING: 1,
    }
    assert found.cost == 8 / 3
    assert found.instructions[-2].text.startswith("v_mul_f32")  # not in the loop


def test_packed_products_do_several_and_their_emulation_one_each() -> None:
    dot = code(*read_amd(AMD.replace("v_fma_f32", "v_dot4_u32_u8").replace("v_pk_fma_f16", "v_add_u32_e32")))
    assert dot.multiply_adds == 4
    emulated = code(
        *read_amd(AMD.replace("v_fma_f32", "v_mad_u32_u24").replace("v_pk_fma_f16", "v_add_u32_e32"))
    )
    assert emulated.multiply_adds == 1
    assert emulated.counts[Work.USEFUL] == 2  # the sum is the problem's own there
    for product in ("v_mad_u32_u24", "v_mul_lo_u32"):
        address = code(*read_amd(AMD.replace("v_lshl_add_u32", product)))
        assert address.multiply_adds == 3


def test_products_of_whole_words_are_the_problems_where_there_are_no_others() -> None:
    """So Mesa spells out the packed product of signed bytes for Vega."""
    whole = AMD.replace("v_fma_f32", "v_mul_lo_u32").replace("v_pk_fma_f16", "v_add3_u32")
    assert code(*read_amd(whole)).multiply_adds == 1
    assert code(*read_amd(whole)).counts[Work.USEFUL] == 2
    five = "\n".join(["  v_mul_lo_u32 v1, v2, v3"] * 5)
    scaled = code(
        *read_amd(AMD.replace("  v_cvt_f32_ubyte0_e32 v5, v4", five).replace("v_pk_fma_f16", "v_mov_b32"))
    )
    assert scaled.multiply_adds == 5  # the one product of floats is by a scale


def test_a_product_with_one_is_a_sum() -> None:
    mixed = code(*read_amd(AMD.replace("v_pk_fma_f16 v1, v5, v4, v1", "v_fma_mix_f32 v2, 1.0, v2, v3")))
    assert mixed.multiply_adds == 1
    assert mixed.counts[Work.USEFUL] == 2


def x86(*lines: str) -> Code:
    """Instructions of four bytes each, from address 0x100 on."""
    split = (line.partition(" ") for line in lines)
    return code(*read([(0x100 + 4 * i, name, rest) for i, (name, _, rest) in enumerate(split)]))


def test_the_innermost_loop_that_multiplies_is_found_and_lanes_count_as_often_as_they_run() -> None:
    found = x86(
        "xor eax, eax",
        "vmovups ymm1, ymmword ptr [rdi + rax]",  # 0x104: the loop over the problem
        "xor ecx, ecx",
        "inc ecx",  # 0x10c: over lanes
        "mov edx, dword ptr [rsp + rcx*4]",
        "imul edx, edx, 3",
        "cmp ecx, 8",
        "jb 0x10c",
        "vmulps ymm2, ymm1, ymm3",
        "vaddps ymm4, ymm4, ymm2",
        "cmp rax, rsi",
        "jne 0x104",
        "ret",
    )
    assert found.loop == (1, 12)
    assert found.multiply_adds == 8
    assert found.turn == 6 + 5 * 8
    assert found.counts[Work.MEMORY] == 1 + 8
    assert found.spilled == 8


def test_what_adds_neighbours_up_is_no_product_of_the_problem() -> None:
    dot = x86(
        "vpmaddubsw xmm1, xmm2, xmm3", "vpmaddwd xmm1, xmm1, xmm4", "vpaddd xmm5, xmm5, xmm1", "jne 0x100"
    )
    assert dot.multiply_adds == 16
    assert dot.counts[Work.USEFUL] == 3
    words = x86("vpmaddwd xmm1, xmm1, xmm4", "vpaddd xmm5, xmm5, xmm1", "jne 0x100")
    assert words.multiply_adds == 8
    whole = x86("movzx eax, byte ptr [rdi]", "imul eax, ecx", "add edx, eax", "jne 0x100")
    assert whole.multiply_adds == 1
    beside = x86("imul eax, ecx", "mulss xmm0, xmm1", "vfmadd231ss xmm2, xmm3, xmm4", "jne 0x100")
    assert beside.multiply_adds == 2


def test_code_without_a_loop_has_no_costs() -> None:
    found = x86("mulss xmm0, xmm1", "ret")
    assert found.loop == (0, 0)
    assert found.cost is None
    assert found.per_multiply_add == {}
