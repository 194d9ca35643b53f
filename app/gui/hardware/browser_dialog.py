"""Adding a browser: which one, how it is started, and what that switches on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.engines.browser.find import CHROMIUM, Browser, find_browsers
from app.engines.browser.launch import How, switches
from app.gui.parts.actions import Action
from app.gui.parts.sizes import size_dialog
from app.gui.state.controller import Controller

BY_HAND_SECONDS = 600.0
"""How long somebody may take to open an address by hand."""


class AddBrowser:
    """The action that opens the dialog."""

    def __init__(self, controller: Controller, parent: QWidget) -> None:
        self._controller, self._parent = controller, parent
        self.dialog: BrowserDialog | None = None

    def commands(self) -> list[Action]:
        """The action for the Run menu, beside looking for hardware."""
        control = self._controller
        return [
            Action(
                "add_browser",
                "&Run",
                "Add &browser…",
                "Ctrl+B",
                "Run the same kernels in Chrome, Firefox or any other browser",
                self.open,
                when=lambda: not control.busy,
            )
        ]

    def open(self) -> None:
        """Let the user choose."""
        self.dialog = BrowserDialog(self._controller, find_browsers(), self._parent)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.open()


class BrowserDialog(QDialog):
    """Closes by itself when the page has come."""

    def __init__(self, controller: Controller, found: list[Browser], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Add browser")
        self._controller, self._found = controller, found
        self._before = {target.id for target in controller.targets}
        self.choices = QButtonGroup(self)
        self.address = QLineEdit(
            controller.hardware.browser_ticket(), readOnly=True, accessibleName="Address"
        )
        self.experimental = QCheckBox("Start with &experimental features")
        self.headless = QCheckBox("&Without a window")
        self.switched_on = QLabel(
            wordWrap=True, accessibleName="What is switched on", textFormat=Qt.TextFormat.PlainText
        )
        self.state = QLabel(wordWrap=True, accessibleName="State", textFormat=Qt.TextFormat.PlainText)
        self.buttons = QDialogButtonBox()
        self.add_button = self.buttons.addButton("&Add", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._build()
        self.choices.idClicked.connect(self._refresh)
        for box in (self.experimental, self.headless):
            box.toggled.connect(self._refresh)
        self.buttons.accepted.connect(self.add)
        self.buttons.rejected.connect(self.reject)
        controller.hardware_changed.connect(self._on_hardware)
        controller.said.connect(self._on_said)
        self._refresh()

    def _build(self) -> None:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setSpacing(10)
        intro = QLabel(
            "The browser opens a page that this computer serves to itself. Its GPU and its WebAssembly "
            "engine then stand beside the other targets and run the same kernels.",
            wordWrap=True,
        )
        layout.addWidget(intro)
        for number, browser in enumerate(self._found):
            button = QRadioButton(browser.name, toolTip=browser.path)
            self.choices.addButton(button, number)
            layout.addWidget(button)
        by_hand = QRadioButton("Any &other browser: open this address in it")
        self.choices.addButton(by_hand, len(self._found))
        layout.addWidget(by_hand)
        copy = QPushButton("&Copy", toolTip="Copy the address and wait for the page")
        copy.clicked.connect(self.copy_address)
        line = QHBoxLayout()
        line.setContentsMargins(20, 0, 0, 0)
        line.addWidget(self.address, 1)
        line.addWidget(copy)
        layout.addLayout(line)
        self.how_box = QGroupBox("How it is started")
        inner = QVBoxLayout(self.how_box)
        for widget in (self.experimental, self.headless, self.switched_on):
            inner.addWidget(widget)
        layout.addWidget(self.how_box)
        layout.addWidget(self.state)
        layout.addStretch(1)
        scroll = QScrollArea(widgetResizable=True, frameShape=QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        scroll.setMinimumWidth(
            inside.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width()
        )
        whole = QVBoxLayout(self)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.buttons)
        self.choices.button(0).setChecked(True)
        size_dialog(self, 84, 34)
        self.address.setCursorPosition(0)

    @property
    def browser(self) -> Browser | None:
        """The chosen one; None to open the address by hand."""
        number = self.choices.checkedId()
        return self._found[number] if number < len(self._found) else None

    @property
    def how(self) -> How:
        """How it is to be started."""
        can_experiment = self.browser is not None and self.browser.kind == CHROMIUM
        return How(self.headless.isChecked(), can_experiment and self.experimental.isChecked())

    def _refresh(self) -> None:
        browser, waiting = self.browser, self._controller.searching
        self.how_box.setEnabled(browser is not None and not waiting)
        self.experimental.setEnabled(browser is not None and browser.kind == CHROMIUM)
        for button in self.choices.buttons():
            button.setEnabled(not waiting)
        self.add_button.setEnabled(not waiting)
        self.add_button.setText("&Add" if browser else "&Wait for it")
        self.switched_on.setText(self._meaning(browser))

    def _meaning(self, browser: Browser | None) -> str:
        if browser is None:
            return "The page tells what that browser can do."
        if self.how.users_own:
            return "With your own profile, in a tab of its own."
        told = "".join(f"\n•  {one.meaning} ({one.argument})" for one in switches(browser, self.how))
        return "With a profile that is thrown away afterwards." + (f" Switched on:{told}" if told else "")

    def copy_address(self) -> None:
        """Put the address on the clipboard and have the page served."""
        QApplication.clipboard().setText(self.address.text())
        if not self._controller.searching:
            self.choices.button(len(self._found)).setChecked(True)
            self.add()

    def add(self) -> None:
        """Start the browser, or wait for the one that the user starts."""
        self.state.setText(f"Waiting for {self.browser.name if self.browser else 'the page'}…")
        patience = None if self.browser else BY_HAND_SECONDS
        self._controller.hardware.add_browser(self.browser, self.how, patience, self.address.text())
        self._refresh()

    def _on_hardware(self) -> None:
        if self._controller.searching:
            return
        new = [target for target in self._controller.targets if target.id not in self._before]
        if new:
            self._controller.said.emit("info", f"Added {' and '.join(target.label for target in new)}.")
            self.accept()
        else:
            self._refresh()

    def _on_said(self, level: str, text: str) -> None:
        if level == "error":
            self.state.setText(text)

    def reject(self) -> None:
        """Wait no longer."""
        self._controller.hardware.cancel()
        super().reject()
