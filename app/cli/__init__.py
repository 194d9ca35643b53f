"""The command line: everything the window can do, without one. Qt is imported only to draw a chart."""

from app.cli.main import main

__all__ = ["main"]
