"""A process that compiles: ``python -m app.compiled KIND``, a task on its input, a line an answer."""

import os
import sys

import msgspec

from app.compiled.jobs import answers
from app.compiled.messages import Task


def main() -> None:
    """Answer, and leave without ado: drivers that are asked to close may crash instead."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # drivers talk there
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    encoder = msgspec.json.Encoder()
    for answer in answers(sys.argv[1], task):
        out.write(encoder.encode(answer) + b"\n")
        out.flush()
    os._exit(0)


main()
