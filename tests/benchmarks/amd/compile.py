"""AMD's own compiler on SPIR-V, for a card that is absent: ``compile.py KERNELS.JSON`` a process of its own.

``RADV_FORCE_FAMILY`` makes Mesa's driver pretend to have one; pipelines compile there, and
``VK_KHR_pipeline_executable_properties`` tells what became of them. Prints JSON: statistics and assembly.
"""

import json
import struct
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from cffi import FFI

ffi = FFI()
ffi.cdef("""
typedef struct { int type; const void *next; const char *name; uint32_t a;
  const char *engine; uint32_t b, api; } App;
typedef struct { int type; const void *next; uint32_t flags; const App *app; uint32_t layers; const void *l;
  uint32_t extensions; const void *e; } InstanceInfo;
typedef struct { int type; const void *next; uint32_t flags, family, count;
  const float *priorities; } QueueInfo;
typedef struct { int type; const void *next; uint32_t flags, queues; const QueueInfo *q; uint32_t layers;
  const void *l; uint32_t extensions; const char *const *e; const void *features; } DeviceInfo;
typedef struct { int type; void *next; uint32_t has[64]; } Features;
typedef struct { int type; const void *next; uint32_t flags; size_t size; const void *code; } ModuleInfo;
typedef struct { uint32_t binding; int type; uint32_t count, stages; const void *samplers; } Binding;
typedef struct { int type; const void *next; uint32_t flags, count; const void *items; } SetInfo;
typedef struct { int type; const void *next; uint32_t flags, sets; const void *s; uint32_t ranges;
  const void *r; } LayoutInfo;
typedef struct { int type; const void *next; uint32_t flags, stage; uint64_t module; const char *name;
  const void *special; } Stage;
typedef struct { int type; const void *next; uint32_t flags; Stage stage; uint64_t layout, base;
  int32_t index; } PipelineInfo;
typedef struct { int type; const void *next; uint64_t pipeline; } Pipeline;
typedef struct { int type; const void *next; uint64_t pipeline; uint32_t index; } Executable;
typedef struct { int type; void *next; char name[256], description[256]; int format;
  union { uint32_t b; int64_t i; uint64_t u; double f; } value; } Statistic;
typedef struct { int type; void *next; char name[256], description[256]; uint32_t text; size_t size;
  void *data; } Representation;
int vkCreateInstance(const InstanceInfo *, const void *, void **);
int vkEnumeratePhysicalDevices(void *, uint32_t *, void **);
void vkGetPhysicalDeviceFeatures2(void *, void *);
int vkCreateDevice(void *, const DeviceInfo *, const void *, void **);
void *vkGetDeviceProcAddr(void *, const char *);
int vkCreateShaderModule(void *, const ModuleInfo *, const void *, uint64_t *);
int vkCreateDescriptorSetLayout(void *, const SetInfo *, const void *, uint64_t *);
int vkCreatePipelineLayout(void *, const LayoutInfo *, const void *, uint64_t *);
int vkCreateComputePipelines(void *, uint64_t, uint32_t, const PipelineInfo *, const void *, uint64_t *);
""")
vk: Any = ffi.dlopen("libvulkan.so.1")
NULL = ffi.NULL
COMPUTE, CAPTURE = 32, 0x40 | 0x80
EXTENSION = b"VK_KHR_pipeline_executable_properties"


def fine(result: int) -> None:
    if result:
        raise RuntimeError(f"Vulkan says {result}")


class Card:
    """The first card, with every feature that it has."""

    def __init__(self) -> None:
        app = ffi.new("App *", {"api": (1 << 22) | (3 << 12)})
        instance, count, cards = ffi.new("void **"), ffi.new("uint32_t *", 1), ffi.new("void *[1]")
        fine(vk.vkCreateInstance(ffi.new("InstanceInfo *", {"type": 1, "app": app}), NULL, instance))
        vk.vkEnumeratePhysicalDevices(instance[0], count, cards)
        # VkPhysicalDeviceFeatures2, those of Vulkan 1.1 to 1.3, and the extension's.
        kinds = (1000059000, 49, 51, 53, 1000269000)
        chain = [ffi.new("Features *", {"type": kind}) for kind in kinds]
        for one, following in pairwise(chain):
            one.next = following
        vk.vkGetPhysicalDeviceFeatures2(cards[0], chain[0])
        queue = {"type": 2, "count": 1, "priorities": (priority := ffi.new("float *", 1.0))}
        extensions = ffi.new("char *[]", [extension := ffi.new("char[]", EXTENSION)])
        info = {"type": 3, "next": chain[0], "queues": 1, "q": (q := ffi.new("QueueInfo *", queue))}
        device = ffi.new("void **")
        info = ffi.new("DeviceInfo *", {**info, "extensions": 1, "e": extensions})
        fine(vk.vkCreateDevice(cards[0], info, NULL, device))
        self.device, self._keep = device[0], (app, chain, priority, q, extension)

    def _call(self, name: str, *arguments: Any) -> None:
        kinds = ", ".join(["void *", *("void *" for _ in arguments)])
        function = ffi.cast(f"int (*)({kinds})", vk.vkGetDeviceProcAddr(self.device, name.encode()))
        fine(function(self.device, *(ffi.cast("void *", a) for a in arguments)))

    def _made(self, name: str, info: Any) -> int:
        made = ffi.new("uint64_t *")
        fine(getattr(vk, name)(self.device, info, NULL, made))
        return made[0]

    def compile(self, spirv: bytes, kinds: list[str]) -> tuple[dict[str, Any], str]:
        """The statistics of the only entry point, and its assembly."""
        code = ffi.new("char[]", spirv)
        module = ffi.new("ModuleInfo *", {"type": 16, "size": len(spirv), "code": code})
        bindings = ffi.new("Binding[]", [(i, 6 if kind == "uniform" else 7, 1, COMPUTE, NULL)
                                         for i, kind in enumerate(kinds)])  # fmt: skip
        sets = ffi.new("SetInfo *", {"type": 32, "count": len(kinds), "items": bindings})
        layouts = ffi.new("uint64_t *", self._made("vkCreateDescriptorSetLayout", sets))
        layout = self._made(
            "vkCreatePipelineLayout", ffi.new("LayoutInfo *", {"type": 30, "sets": 1, "s": layouts})
        )
        stage = {"type": 18, "stage": COMPUTE, "name": (name := ffi.new("char[]", b"main"))}
        stage["module"] = self._made("vkCreateShaderModule", module)
        pipeline = {"type": 29, "flags": CAPTURE, "stage": stage, "layout": layout, "index": -1}
        made = ffi.new("uint64_t *")
        fine(vk.vkCreateComputePipelines(self.device, 0, 1, ffi.new("PipelineInfo *", pipeline), NULL, made))
        what = ffi.new("Executable *", {"type": 1000269003, "pipeline": made[0]})
        del name
        return self._statistics(what), self._assembly(what)

    def _statistics(self, what: Any) -> dict[str, Any]:
        count = ffi.new("uint32_t *")
        self._call("vkGetPipelineExecutableStatisticsKHR", what, count, NULL)
        found = ffi.new("Statistic[]", [{"type": 1000269004}] * count[0])
        self._call("vkGetPipelineExecutableStatisticsKHR", what, count, found)
        read = ("b", "i", "u", "f")
        return {ffi.string(s.name).decode(): getattr(s.value, read[s.format]) for s in found}

    def _assembly(self, what: Any) -> str:
        call, count = "vkGetPipelineExecutableInternalRepresentationsKHR", ffi.new("uint32_t *")
        self._call(call, what, count, NULL)
        found = ffi.new("Representation[]", [{"type": 1000269005}] * count[0])
        self._call(call, what, count, found)
        texts = [ffi.new("char[]", one.size) for one in found]
        for one, text in zip(found, texts, strict=True):
            one.data = text
        self._call(call, what, count, found)
        return next(
            ffi.string(text).decode(errors="replace")
            for one, text in zip(found, texts, strict=True)
            if b"ssembly" in ffi.string(one.name)
        )


def kinds_of_bindings(spirv: bytes) -> list[str]:
    """``uniform`` or ``storage`` for each binding, from the words of a module."""
    words = struct.unpack(f"<{len(spirv) // 4}I", spirv)
    bound: dict[int, int] = {}
    kinds: dict[int, str] = {}
    at = 5
    while at < len(words):
        operation, length = words[at] & 0xFFFF, words[at] >> 16
        if operation == 71 and words[at + 2] == 33:  # OpDecorate, Binding
            bound[words[at + 1]] = words[at + 3]
        elif operation == 59:  # OpVariable
            kinds[words[at + 2]] = "uniform" if words[at + 3] == 2 else "storage"
        at += length
    by_binding = {binding: kinds[variable] for variable, binding in bound.items()}
    return [by_binding.get(i, "storage") for i in range(max(by_binding) + 1)]


def main() -> None:
    card, found = Card(), []
    for kernel in json.loads(Path(sys.argv[1]).read_text()):
        spirv = Path(kernel["file"]).read_bytes()
        statistics, assembly = card.compile(spirv, kinds_of_bindings(spirv))
        found.append({**kernel, "statistics": statistics, "assembly": assembly})
    print(json.dumps(found))


if __name__ == "__main__":
    main()
