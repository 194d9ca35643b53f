"""What a page must know before it can describe its browser: the probes of WebAssembly's proposals."""

import base64
from functools import cache

import msgspec

from app.core.errors import KernelError
from app.core.target import WASM_PROPOSALS
from app.engines.wasm.assemble import assemble
from app.engines.wasm.proposals import PROPOSALS, Proposal


@cache
def setup() -> bytes:
    """``setup.json``: every proposal with its module in base64, or why there is none."""
    return msgspec.json.encode({"group": WASM_PROPOSALS, "proposals": [_proposal(p) for p in PROPOSALS]})


def _proposal(proposal: Proposal) -> dict[str, str | None]:
    told = {"name": proposal.name, "phase": proposal.phase, "use": proposal.use, "probe": proposal.probe}
    try:
        binary = base64.b64encode(assemble(proposal.probe)).decode()
    except KernelError as error:
        return {**told, "binary": None, "refused": f"wasmtime's assembler does not know the probe: {error}"}
    return {**told, "binary": binary, "refused": ""}
