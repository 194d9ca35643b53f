"""What each kind of process does with a job."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.catalog.index import find, lay_out
from app.catalog.programs import build, source
from app.compiled.amd import read as read_amd
from app.compiled.messages import Answer, Job, Stage, Task
from app.compiled.spirv import disassembled
from app.core.code import Code
from app.core.errors import KernelscopeError, UnsupportedError, in_words
from app.core.program import Program
from app.core.shape import Shape
from app.core.sketch import sketch
from app.core.target import Runtime
from app.core.variant import Variant
from app.engines.layouts import binding_kinds
from app.problems import registry
from app.workloads import workloads

if TYPE_CHECKING:
    from app.compiled.vulkan import Card, Told
    from app.engines.webgpu.device import GpuDevice

ASSEMBLY = "ssembly"
"""What every driver's name for it holds: RADV's, ANV's."""

DEBIAN = "(Debian: mesa-vulkan-drivers)"

Does = Callable[[Job], Answer]


def wasmtime(task: Task) -> Does:
    """Machine code of wasmtime, beside the lines of the text."""
    from app.compiled.wasm import codes

    return lambda job: Answer(codes(_text(job), job.parameters))


def spirv(task: Task) -> Does:
    """SPIR-V, as naga makes it for the first Vulkan adapter here; nothing is run."""
    from app.compiled.watch import Watch

    watch = Watch()  # before wgpu asks for the functions of the driver
    device = _adapter()

    def does(job: Job) -> Answer:
        program = _program(job)
        watch.modules.clear()
        device.compile(program)
        entries = dict.fromkeys(
            (program.text(step), step.entry, tuple(binding_kinds(step))) for step in program.layout.run
        )
        if len(watch.modules) != len(entries):
            raise UnsupportedError(f"{watch.card} was given no SPIR-V that could be seen")
        return Answer(
            stages=tuple(
                Stage(entry, kinds, module)
                for (_, entry, kinds), module in zip(entries, watch.modules, strict=True)
            )
        )

    return does


def llvmpipe(task: Task) -> Does:
    """Machine code that llvmpipe makes of a kernel when it first runs, at a shape that is soon done."""
    from app.compiled.watch import fresh, machine_code
    from app.compiled.x86 import disassembler, read

    disassemble = disassembler()
    device = _adapter("llvmpipe")

    def does(job: Job) -> Answer:
        workload = workloads()[job.workload]
        operands = workload.inputs(Shape(*job.sizes), 0)
        program = build(_variant(job), operands, job.parameters, job.text)
        before = machine_code()
        kernel = device.prepare(program)
        stretches = fresh(before, machine_code())
        kernel.close()
        raw = [one for at, code in stretches for one in disassemble(code.rstrip(b"\0"), at)]
        own, loop = read(raw)
        if not own:
            raise UnsupportedError("its machine code was not found")
        entries = ", ".join(dict.fromkeys(step.entry for step in program.layout.run))
        size = float(sum(len(code.rstrip(b"\0")) for _, code in stretches))
        code = Code(target=task.target, label=task.label, entry=entries, instructions=own, loop=loop,
                    statistics={"Code bytes": size, "Instructions": float(len(own))})  # fmt: skip
        return Answer((code,))

    return does


def vulkan(task: Task) -> Does:
    """Statistics and assembly of a driver that tells them; ``task`` brings the SPIR-V."""
    from app.compiled.vulkan import Card, Vulkan

    vulkan = Vulkan()
    told = [card for card in vulkan.cards if vulkan.tells(card)]
    if not told:
        raise UnsupportedError("no driver here tells what it made (VK_KHR_pipeline_executable_properties)")
    card, stages = Card(vulkan, told[0]), iter(task.stages)
    label = task.label or vulkan.name(told[0])

    def does(job: Job) -> Answer:
        return Answer(tuple(_stage(card, one, task, label) for one in next(stages)))

    return does


def _texts(stage: Stage, told: "Told") -> dict[str, str]:
    """What passes on the way to the code, and why the first of it cannot be read."""
    return {"SPIR-V": disassembled(stage.spirv), **told.texts}


def _stage(card: "Card", stage: Stage, task: Task, label: str) -> Code:
    told = card.compile(stage.spirv, stage.entry, stage.kinds)
    assembly = next((text for name, text in told.texts.items() if ASSEMBLY in name), "")
    own, loop = read_amd(assembly)
    return Code(
        target=task.target,
        label=label,
        entry=stage.entry,
        absent=task.absent,
        instructions=own,
        loop=loop,
        statistics=told.statistics,
        texts=_texts(stage, told) if task.texts else {},
    )


KINDS: dict[str, Callable[[Task], Does]] = {
    "wasmtime": wasmtime,
    "spirv": spirv,
    "llvmpipe": llvmpipe,
    "vulkan": vulkan,
}


def answers(kind: str, task: Task) -> Iterator[Answer]:
    """An answer for each job; what goes wrong with one, or with all, is the reason."""
    registry.learn(task.problems)
    try:
        does = KINDS[kind](task)
    except KernelscopeError as error:
        yield from [Answer(reason=in_words(error))] * len(task.jobs)
        return
    for job in task.jobs:
        try:
            yield does(job)
        except Exception as error:
            yield Answer(reason=in_words(error).splitlines()[0])


def _variant(job: Job) -> "Variant":
    return find(job.workload, job.variant, Runtime(job.runtime))


def _text(job: Job) -> str:
    return job.text or source(_variant(job), job.parameters)


def _program(job: Job) -> Program:
    """The program over sketches of operands, which take no memory."""
    variant = _variant(job)
    dummies = tuple(map(sketch, workloads()[job.workload].operand_shapes(Shape(*job.sizes))))
    layout = lay_out(variant, dummies, job.parameters)
    return Program(_text(job), layout, variant.requires, variant.checked, job.parameters)


def _adapter(name: str = "") -> "GpuDevice":
    """The first Vulkan adapter here with ``name`` in its own, opened."""
    import wgpu

    from app.engines.webgpu.device import GpuDevice

    for adapter in wgpu.gpu.enumerate_adapters_sync():
        if adapter.info["backend_type"] == "Vulkan" and name in adapter.info["device"]:
            device = GpuDevice(adapter, adapter.info["device"])
            device.open()
            return device
    raise UnsupportedError(
        f"there is no {name or 'Vulkan adapter'} here{': Mesa has one' * (not name)} {DEBIAN}"
    )
