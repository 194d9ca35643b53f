"""The user's own kernels in the window: kept as they are typed, listed beside the catalogue's."""

from PySide6.QtCore import QObject, Signal

from app.catalog.index import find, variants
from app.core.edit import Edit, check_name, edited
from app.core.target import Runtime
from app.core.variant import Parameters, Variant
from app.storage.edits import forget_edit, keep_edit, kept_edits

Key = tuple[str, str, Runtime]


class OwnKernels(QObject):
    """``changed`` when one comes, goes or gets another name; its text may change without a word."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edits: dict[Key, Edit] = {edit.key: edit for edit in kept_edits()}

    def edits(self, workload: str) -> tuple[Edit, ...]:
        """The edits of a workload."""
        return tuple(edit for edit in self._edits.values() if edit.workload == workload)

    def pairs(self, workload: str) -> tuple[tuple[Variant, Edit], ...]:
        """The edits of a workload, each behind the variant that plans and lists can take."""
        return tuple((edited(e, find(e.workload, e.like, e.runtime)), e) for e in self.edits(workload))

    def variants(self, workload: str) -> tuple[Variant, ...]:
        """The edits of a workload as variants."""
        return tuple(variant for variant, _ in self.pairs(workload))

    def begin(self, like: Variant, parameters: Parameters, text: str) -> Edit:
        """A new one, called after what it is made from.

        Raises:
            KernelscopeError: it cannot be kept.
        """
        taken = self._taken(like.workload, like.runtime)
        names = (f"{like.name}+mine{number}" for number in ("", *range(2, 1000)))
        edit = Edit(
            workload=like.workload,
            runtime=like.runtime,
            name=next(name for name in names if name not in taken),
            like=like.name,
            text=text,
            parameters=dict(parameters),
        )
        self.put(edit)
        return edit

    def put(self, edit: Edit) -> None:
        """Keep ``edit``, in the place of one of the same name.

        Raises:
            KernelscopeError: it cannot be written.
        """
        fresh = edit.key not in self._edits
        self._edits[edit.key] = edit
        keep_edit(edit)
        if fresh:
            self.changed.emit()

    def check_name(self, edit: Edit, name: str) -> None:
        """Whether ``edit`` could be called ``name``.

        Raises:
            KernelscopeError: another variant is called so, or it is no name.
        """
        check_name(name, self._taken(edit.workload, edit.runtime) - {edit.name})

    def replace(self, old: Edit, new: Edit) -> None:
        """Give one another name, its place in the list stays.

        Raises:
            KernelscopeError: it cannot be written.
        """
        if new.name.lower() == old.name.lower():
            forget_edit(old)  # first, for it may be the same file
            keep_edit(new)
        else:
            keep_edit(new)
            forget_edit(old)
        edits = [new if edit.key == old.key else edit for edit in self._edits.values()]
        self._edits = {edit.key: edit for edit in edits}
        self.changed.emit()

    def remove(self, edit: Edit) -> None:
        """Forget one.

        Raises:
            KernelscopeError: its file cannot be removed.
        """
        forget_edit(edit)
        self._edits.pop(edit.key, None)
        self.changed.emit()

    def _taken(self, workload: str, runtime: Runtime) -> set[str]:
        known = {v.name for v in variants() if (v.workload, v.runtime) == (workload, runtime)}
        return known | {edit.name for edit in self.edits(workload) if edit.runtime is runtime}
