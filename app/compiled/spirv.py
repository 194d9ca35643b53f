"""SPIR-V as text, by Khronos' own disassembler."""

import shutil
import subprocess

PROGRAM = "spirv-dis"
NONE = f"{PROGRAM} disassembles SPIR-V, and is not here (Debian: spirv-tools)"
SECONDS = 20.0


def disassembled(module: bytes) -> str:
    """The text of a module; why there is none, else."""
    found = shutil.which(PROGRAM)
    if not found:
        return NONE
    try:
        done = subprocess.run(
            [found, "--no-color", "-"], input=module, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{PROGRAM} gave no text: {error}"
    said = (done.stdout or done.stderr).decode(errors="replace")
    return said if done.returncode == 0 else f"{PROGRAM} refuses the module: {said.strip()}"
