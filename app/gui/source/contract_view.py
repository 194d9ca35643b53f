"""The contract of the kernel beside its text: bindings, workgroups, exports."""

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.catalog.contract import contract_lines
from app.core.errors import KernelscopeError
from app.core.shape import Shape
from app.core.variant import Parameters, Variant
from app.workloads import workloads


class ContractView(QPlainTextEdit):
    """Plain lines to read and copy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName("Contract")

    def show_contract(self, variant: Variant, parameters: Parameters, shape: Shape | None) -> None:
        """Show what a text in the place of ``variant`` has to reckon with."""
        try:
            at = shape or workloads()[variant.workload].default_shapes[0]
            text = "\n".join(contract_lines(variant, parameters, at))
        except (KernelscopeError, KeyError) as error:
            text = str(error) if isinstance(error, KernelscopeError) else "Its workload is not known here."
        if text != self.toPlainText():
            self.setPlainText(text)
