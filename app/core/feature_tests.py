"""How a web page finds out whether it may use a feature, and the line that a kernel then begins with."""

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from app.core.directives import UNKNOWN_TO_BROWSERS, UNKNOWN_TO_NAGA, named, without_enabling
from app.core.target import LANGUAGE, WASM_PROPOSALS, WEB, Dialect, Feature


class FeatureTest(Struct, frozen=True):
    """``test`` is a JavaScript expression that is true where the feature can be used.

    ``ask`` is what to request it with, ``kernel`` the line of WGSL that the text must begin with; empty where
    none is needed.
    """

    test: str
    ask: str = ""
    kernel: str = ""


_SHADER_LINES = {
    "shader-f16": "enable f16;",
    "subgroups": "enable subgroups;",
    "clip-distances": "enable clip_distances;",
    "dual-source-blending": "enable dual_source_blending;",
    "primitive-index": "enable primitive_index;",
    "cooperative-matrix": "enable chromium_experimental_subgroup_matrix;",
}

_MODULES = {
    # (func (result v128) i32.const 0  i8x16.splat  i8x16.popcnt)
    "simd": "0061736d010000000105016000017b030201000a0a0108004100fd0ffd620b",
    # (func (result v128) i32.const 1  i8x16.splat  i32.const 2  i8x16.splat  i8x16.relaxed_swizzle)
    "relaxed-simd": "0061736d010000000105016000017b030201000a0f010d004101fd0f4102fd0ffd80020b",
    "threads": (
        "0061736d010000000105016000017f030201000504010301010707010372756e00000a0f010d0041004101fe1e02"
        "0041016a0b"
    ),
    "memory64": (
        "0061736d010000000105016000017f0302010005030104010707010372756e00000a10010e004208410136020042"
        "082802000b"
    ),
    "multi-memory": (
        "0061736d010000000105016000017f03020100050502000100010707010372756e00000a18011600410841013642"
        "010041082842010041082802006b0b000e046e616d65060702000161010162"
    ),
    "bulk-memory": (
        "0061736d010000000105016000017f0302010005030100010707010372756e00000a12011000410841014101fc0b"
        "0041082802000b"
    ),
    "tail-call": (
        "0061736d01000000010a0260017f017f6000017f03030200010707010372756e00010a1c0211002000047f200041"
        "016b12000541010b0b080041c0843d10000b000f046e616d650108010005636f756e74"
    ),
    "exceptions": (
        "0061736d0100000001090260017f006000017f030201010d030100000707010372756e00000a14011200027f1f40"
        "01000000410108000b41000b0b0018046e616d65030b01000100066361756768740b0401000165"
    ),
    "gc": (
        "0061736d010000000109025f017f006000017f030201010707010372756e00000a0d010b004101fb0000fb020000"
        "0b000d046e616d650406010003626f78"
    ),
    "wide-arithmetic": (
        "0061736d010000000105016000017f030201000707010372756e00000a10010e004201420042004200fc131aa70b"
    ),
    "custom-page-sizes": (
        "0061736d010000000105016000017f030201000504010808000707010372756e00000a090107003f0041076b0b"
    ),
    "stack-switching": (
        "0061736d010000000107026000017f5d0003030200000707010372756e0001090501030001000a1002040041010b"
        "0900d200e001e301000b0016046e616d6501060100036f6e6504070200016601016b"
    ),
    "fp16": (
        "0061736d010000000105016000017f030201000707010372756e00000a240122004300000040fda0024300004040"
        "fda002430000a0c0fda002fdce02fda10207a80b"
    ),
    "memory-control": (
        "0061736d010000000105016000017f0302010005030100020707010372756e00000a220120004180800441073602"
        "004180800441808004fc12004180800428020041016a0b"
    ),
}
"""By the names of proposals, in hexadecimal: modules that are valid only where the proposal is known."""


def _validates(name: str) -> str:
    code = ",".join(str(byte) for byte in bytes.fromhex(_MODULES[name]))
    return f"WebAssembly.validate(new Uint8Array([{code}]))"


_WASM = {
    **{name: FeatureTest(_validates(name)) for name in _MODULES},
    # Shared memories are for pages that are isolated from others by their headers.
    "threads": FeatureTest(f"{_validates('threads')} && globalThis.crossOriginIsolated === true"),
    "jspi": FeatureTest('"Suspending" in WebAssembly'),
}


def feature_test(name: str, group: str) -> FeatureTest | None:
    """The test for a feature of this group; None where no web page can have it."""
    if group == WEB:
        ask = f'requiredFeatures: ["{name}"]'
        return FeatureTest(f'adapter.features.has("{name}")', ask, _SHADER_LINES.get(name, ""))
    if group == LANGUAGE:
        test = f'navigator.gpu.wgslLanguageFeatures.has("{name}")'
        return FeatureTest(test, kernel=f"requires {name};")
    return _WASM.get(name) if group == WASM_PROPOSALS else None


def directives(requires: Iterable[str]) -> list[str]:
    """What a text must begin with in a browser to use these features; names of language features have a _."""
    lines = {name: f"requires {name};" for name in requires if "_" in name} | _SHADER_LINES
    return [lines[name] for name in requires if name in lines]


def web_ready(text: str, requires: Iterable[str]) -> str:
    """WGSL for a web page: with every line that the features of ``requires`` must begin with.

    The compiler here refuses ``enable subgroups;``, which a browser demands, so texts run without it.
    """
    there = {f"{one.kind} {one.name};" for one in named(text)}
    lines = [line for line in directives(requires) if line not in there]
    if not lines:
        return text
    head = _COMMENTS.match(text)
    start = text.rfind("\n", 0, head.end()) + 1 if head else 0
    return text[:start] + "\n".join(lines) + "\n" + text[start:]


def spelt(text: str, requires: Iterable[str], dialect: Dialect) -> str:
    """WGSL as one kind of compiler wants its directives: browsers all of them, naga none that it lacks.

    What a text has too much becomes blanks, so lines and columns stay; what it lacks gets lines of its own.
    """
    web = dialect is Dialect.WEB
    for kind, name in UNKNOWN_TO_BROWSERS if web else UNKNOWN_TO_NAGA:
        text = without_enabling(text, name, kind)
    return web_ready(text, requires) if web else text


_COMMENTS = re.compile(r"(?:\s*//[^\n]*\n)*\s*")
"""What may stand before the first directive."""


def snippets(features: Sequence[Feature], limits: Mapping[str, int] | None = None) -> dict[str, str]:
    """What a page can take over to use these features and limits, by language; only what there is.

    JavaScript finds out about them and asks a device for them, WGSL is how a shader then begins, and WAT the
    probe that was run here. ``limits`` are what is needed of each.
    """
    found = {
        "JavaScript": _javascript(features, limits or {}),
        "WGSL": _shader_lines(features),
        "WAT": "\n".join(feature.probe for feature in features if feature.probe),
    }
    return {language: text for language, text in found.items() if text}


def _javascript(features: Sequence[Feature], limits: Mapping[str, int]) -> str:
    tests = {f.name: test for f in features if (test := feature_test(f.name, f.group))}
    asked = [name for name, test in tests.items() if test.ask]
    gpu = bool(limits) or any("adapter" in test.test or "navigator" in test.test for test in tests.values())
    lines = [f'  "{name}": {_guarded(test.test)},' for name, test in tests.items()]
    for name, value in limits.items():
        sign = "<=" if name.startswith("min") else ">="
        lines.append(f'  "{name}": adapter?.limits.{name} {sign} {value},')
    if not lines:
        return ""
    script = ["const adapter = await navigator.gpu?.requestAdapter();"] if gpu else []
    script += ["const has = {", *lines, "};", "console.log(has);"]
    if asked or limits:
        wanted = ", ".join(f'"{name}"' for name in asked)
        needed = ", ".join(f"{name}: {value}" for name, value in limits.items())
        script += [
            "const device = await adapter?.requestDevice({",
            *([f"  requiredFeatures: [{wanted}].filter((name) => has[name]),"] if asked else []),
            *([f"  requiredLimits: {{ {needed} }},"] if limits else []),
            "});",
        ]
    return "\n".join(script) + "\n"


def _guarded(test: str) -> str:
    """The test as an expression that is false, and raises nothing, where there is no WebGPU."""
    for name in ("adapter.", "navigator.gpu."):
        if test.startswith(name):
            return f"{name[:-1]}?.{test.removeprefix(name)} ?? false"
    return test


def _shader_lines(features: Sequence[Feature]) -> str:
    tests = (feature_test(feature.name, feature.group) for feature in features)
    return "".join(f"{test.kernel}\n" for test in tests if test and test.kernel)
