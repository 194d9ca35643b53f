"""Which words each thread of a workgroup reads at which step: as matvec's, whose pattern knows blocks too."""

from kernels.matvec.access import pattern

__all__ = ["pattern"]
