"""The child: ``python -m app.worker ENGINE`` reads commands from stdin and writes events to stdout."""

import sys

from app.worker.child import main

if __name__ == "__main__":
    main(sys.argv[1])
