"""The errors that a person sees: one line that says what, where and what to do."""


class KernelscopeError(Exception):
    """Something the user can act on; its text is the whole message, shown without a traceback."""


class UnsupportedError(KernelscopeError):
    """The target lacks a feature that the variant requires."""


class LimitError(KernelscopeError):
    """A limit of the target forbids this case; the text names the limit and both figures."""


class TargetLost(KernelscopeError):
    """The target went away under a case, such as a browser's page; it may come back."""


class KernelError(KernelscopeError):
    """A kernel did not compile.

    ``line`` and ``column`` count from 1 in the rendered text; None where the compiler named no place.
    """

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
