"""Compiling SPIR-V on a Vulkan driver, and what ``VK_KHR_pipeline_executable_properties`` tells of it.

Drivers may abort, so this runs in a process of its own (``app.compiled.__main__``). Nothing is run: the card
may be one that is absent, as Mesa's RADV pretends with ``RADV_FORCE_FAMILY``. Structures are those of the
Vulkan specification, by their layout in memory.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from cffi import FFI
from msgspec import Struct

from app.core.errors import UnsupportedError

ffi = FFI()
ffi.cdef("""
typedef struct { int type; const void *next; const char *name; uint32_t a;
  const char *engine; uint32_t b, api; } App;
typedef struct { int type; const void *next; uint32_t flags; const App *app; uint32_t layers; const void *l;
  uint32_t extensions; const void *e; } InstanceInfo;
typedef struct { uint32_t api, driver, vendor, device, kind; char name[256]; uint8_t id[16];
  uint64_t rest[128]; } Properties;
typedef struct { char name[256]; uint32_t version; } Extension;
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
typedef struct { int type; const void *next; uint64_t pipeline; uint32_t index; } Executable;
typedef struct { int type; void *next; char name[256], description[256]; int format;
  union { uint32_t b; int64_t i; uint64_t u; double f; } value; } Statistic;
typedef struct { int type; void *next; char name[256], description[256]; uint32_t text; size_t size;
  void *data; } Representation;
int vkCreateInstance(const InstanceInfo *, const void *, void **);
int vkEnumeratePhysicalDevices(void *, uint32_t *, void **);
void vkGetPhysicalDeviceProperties(void *, Properties *);
void vkGetPhysicalDeviceFeatures2(void *, void *);
int vkEnumerateDeviceExtensionProperties(void *, const char *, uint32_t *, Extension *);
int vkCreateDevice(void *, const DeviceInfo *, const void *, void **);
void *vkGetDeviceProcAddr(void *, const char *);
int vkCreateShaderModule(void *, const ModuleInfo *, const void *, uint64_t *);
void vkDestroyShaderModule(void *, uint64_t, const void *);
int vkCreateDescriptorSetLayout(void *, const SetInfo *, const void *, uint64_t *);
int vkCreatePipelineLayout(void *, const LayoutInfo *, const void *, uint64_t *);
int vkCreateComputePipelines(void *, uint64_t, uint32_t, const PipelineInfo *, const void *, uint64_t *);
void vkDestroyPipeline(void *, uint64_t, const void *);
""")
NULL = ffi.NULL
COMPUTE, CAPTURE = 32, 0x40 | 0x80
TELLS = "VK_KHR_pipeline_executable_properties"
CHAIN = (1000059000, 49, 51, 53)
"""VkPhysicalDeviceFeatures2, then the features of Vulkan 1.1, 1.2 and 1.3."""

TELLS_FEATURES = 1000269000
MOST_CARDS = 16


class Told(Struct, frozen=True):
    """What a driver tells of a pipeline: figures, and texts by their names."""

    statistics: dict[str, float]
    texts: dict[str, str]


def _fine(result: int, what: str) -> None:
    if result < 0:
        raise UnsupportedError(f"{what}: Vulkan says {result}")


def _loader() -> Any:
    for name in ("libvulkan.so.1", "vulkan-1.dll", "libvulkan.1.dylib", "libMoltenVK.dylib"):
        try:
            return ffi.dlopen(name)
        except OSError:
            continue
    raise UnsupportedError("Vulkan's loader is not here (Debian: libvulkan1)")


class Vulkan:
    """The cards that Vulkan's loader lists in this process."""

    def __init__(self) -> None:
        self.library = _loader()
        app = ffi.new("App *", {"api": (1 << 22) | (3 << 12)})
        made, count = ffi.new("void **"), ffi.new("uint32_t *", MOST_CARDS)
        info = ffi.new("InstanceInfo *", {"type": 1, "app": app})
        _fine(self.library.vkCreateInstance(info, NULL, made), "no Vulkan here")
        cards = ffi.new("void *[]", MOST_CARDS)
        _fine(self.library.vkEnumeratePhysicalDevices(made[0], count, cards), "no card here")
        self.cards = [cards[i] for i in range(count[0])]

    def name(self, card: Any) -> str:
        """What the driver calls a card."""
        found = ffi.new("Properties *")
        self.library.vkGetPhysicalDeviceProperties(card, found)
        return _string(found.name)

    def tells(self, card: Any) -> bool:
        """Whether its driver tells what it made of a pipeline."""
        count = ffi.new("uint32_t *")
        self.library.vkEnumerateDeviceExtensionProperties(card, NULL, count, NULL)
        found = ffi.new("Extension[]", count[0])
        self.library.vkEnumerateDeviceExtensionProperties(card, NULL, count, found)
        return any(ffi.string(one.name) == TELLS.encode() for one in found)


class Card:
    """A card opened with every feature that it has, to compile on."""

    def __init__(self, vulkan: Vulkan, card: Any) -> None:
        self._vk, self.tells = vulkan.library, vulkan.tells(card)
        kinds = (*CHAIN, TELLS_FEATURES) if self.tells else CHAIN
        chain = [ffi.new("Features *", {"type": kind}) for kind in kinds]
        for one, following in pairwise(chain):
            one.next = following
        self._vk.vkGetPhysicalDeviceFeatures2(card, chain[0])
        priority = ffi.new("float *", 1.0)
        queue = ffi.new("QueueInfo *", {"type": 2, "count": 1, "priorities": priority})
        name = ffi.new("char[]", TELLS.encode())
        extensions = ffi.new("char *[]", [name])
        info = ffi.new("DeviceInfo *", {"type": 3, "next": chain[0], "queues": 1, "q": queue})
        info.extensions, info.e = int(self.tells), extensions
        device = ffi.new("void **")
        _fine(self._vk.vkCreateDevice(card, info, NULL, device), "the card does not open")
        self._device, self._keep = device[0], (chain, priority, queue, name, extensions)

    def address(self, name: str) -> int:
        """Where the driver's own function of that name begins."""
        return int(ffi.cast("uintptr_t", self._vk.vkGetDeviceProcAddr(self._device, name.encode())))

    def compile(self, spirv: bytes, entry: str, kinds: Sequence[str]) -> Told:
        """What the driver tells of the function ``entry`` over bindings of these kinds, in order.

        Raises:
            UnsupportedError: it does not compile there.
        """
        code = ffi.new("char[]", spirv)
        module = self._made(
            "vkCreateShaderModule", ffi.new("ModuleInfo *", {"type": 16, "size": len(spirv), "code": code})
        )
        bound = [(i, 6 if kind == "uniform" else 7, 1, COMPUTE, NULL) for i, kind in enumerate(kinds)]
        bindings = ffi.new("Binding[]", bound)
        items = ffi.new("SetInfo *", {"type": 32, "count": len(kinds), "items": bindings})
        sets = ffi.new("uint64_t *", self._made("vkCreateDescriptorSetLayout", items))
        layout = self._made(
            "vkCreatePipelineLayout", ffi.new("LayoutInfo *", {"type": 30, "sets": 1, "s": sets})
        )
        name = ffi.new("char[]", entry.encode())
        stage = {"type": 18, "stage": COMPUTE, "name": name, "module": module}
        pipeline = {
            "type": 29,
            "flags": CAPTURE if self.tells else 0,
            "stage": stage,
            "layout": layout,
            "index": -1,
        }
        made = ffi.new("uint64_t *")
        info = ffi.new("PipelineInfo *", pipeline)
        _fine(self._vk.vkCreateComputePipelines(self._device, 0, 1, info, NULL, made), "it does not compile")
        try:
            return self._told(made[0]) if self.tells else Told({}, {})
        finally:
            self._vk.vkDestroyPipeline(self._device, made[0], NULL)
            self._vk.vkDestroyShaderModule(self._device, module, NULL)

    def _told(self, pipeline: int) -> Told:
        what = ffi.new("Executable *", {"type": 1000269003, "pipeline": pipeline})
        figures = self._listed("vkGetPipelineExecutableStatisticsKHR", what, "Statistic[]", 1000269004)
        read = ("b", "i", "u", "f")
        statistics = {_string(s.name): float(getattr(s.value, read[s.format])) for s in figures}
        call = "vkGetPipelineExecutableInternalRepresentationsKHR"
        found = self._listed(call, what, "Representation[]", 1000269005)
        texts = [ffi.new("char[]", one.size + 1) for one in found]
        for one, text in zip(found, texts, strict=True):
            one.data = text
        self._call(call, what, ffi.new("uint32_t *", len(found)), found)
        return Told(statistics, {_string(o.name): _string(t) for o, t in zip(found, texts, strict=True)})

    def _listed(self, call: str, what: Any, kind: str, type_: int) -> Any:
        count = ffi.new("uint32_t *")
        self._call(call, what, count, NULL)
        found = ffi.new(kind, [{"type": type_}] * count[0])
        self._call(call, what, count, found)
        return found

    def _call(self, name: str, *arguments: Any) -> None:
        kinds = ", ".join(["void *"] * (len(arguments) + 1))
        function = ffi.cast(f"int (*)({kinds})", self.address(name))
        _fine(function(self._device, *(ffi.cast("void *", a) for a in arguments)), name)

    def _made(self, name: str, info: Any) -> int:
        made = ffi.new("uint64_t *")
        _fine(getattr(self._vk, name)(self._device, info, NULL, made), name)
        return int(made[0])


def _string(text: Any) -> str:
    return str(ffi.string(text).decode(errors="replace"))
