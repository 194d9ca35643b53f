"""``python -m kernelscope``."""

import sys

from kernelscope import main

if __name__ == "__main__":
    sys.exit(main())
