"""What the wheel installs as ``kernelscope``: the program's folders lie beside it and are found first.

The folders' names are anybody's, and ``kernels`` is another package's as well: only this one is installed.
"""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def main() -> int:
    """Run Kernelscope from the folders beside this file."""
    sys.path.insert(0, str(FOLDER))
    try:
        from app.cli.main import main as start
    except KeyboardInterrupt:
        return 130
    return start()
