"""The errors that a person sees: one line that says what, where and what to do."""


class KernelscopeError(Exception):
    """Something the user can act on; its text is the whole message, shown without a traceback."""


class UsageError(KernelscopeError):
    """An option or a value of one that makes no sense, whatever is there: the exit code is 2."""


class TooNewError(KernelscopeError):
    """A newer Kernelscope wrote this file: it is whole, but not for this one to read."""


class UnsupportedError(KernelscopeError):
    """The target lacks a feature that the variant requires."""


class LimitError(KernelscopeError):
    """A limit of the target forbids this case; the text names the limit and both figures."""


class TargetLost(KernelscopeError):
    """The target went away under a case: a device that was reset, a browser's page. It may come back."""


class KernelError(KernelscopeError):
    """A kernel did not compile.

    ``line`` and ``column`` count from 1 in the rendered text; None where the compiler named no place.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


class TrapError(KernelscopeError):
    """A kernel trapped while it ran; ``line`` and ``column`` as for a KernelError, if known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(f"{message} (line {line})" if line else message)
        self.line = line
        self.column = column


def in_words(error: Exception) -> str:
    """What a person is told of ``error`` where only a reason has room."""
    if isinstance(error, MemoryError):
        return "out of memory"
    text = str(error).strip()
    return text if isinstance(error, KernelscopeError) else f"{type(error).__name__}: {text}".rstrip(": ")


def one_line(error: BaseException) -> str:
    """What a person is told of an error that nobody expected: its kind and the first line of its text."""
    text = "" if isinstance(error, KernelscopeError) else type(error).__name__
    return ": ".join(filter(None, (text, *str(error).strip().splitlines()[:1])))
