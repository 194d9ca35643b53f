"""Edits a kernel in a real window by mouse and keyboard: run by test_real_window in a display."""

import json
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.drive_window import opened, pause, wait

CTRL = Qt.KeyboardModifier.ControlModifier


def main(folder: Path) -> None:
    app, window = opened(folder)
    control, seen = window.controller, {"platform": app.platformName()}
    for target in control.targets:
        window.kernels.targets.set_ticked(target.id, target.id == "wasmtime")
    window.kernels.sizes.line.setText("64")
    window.kernels.seconds.setValue(0.05)
    QTest.keyClick(window, Qt.Key.Key_F5)
    wait(lambda: not control.running and control.rows, "the run")
    pause(0.5)

    table, proxy = window.results.table, window.results.proxy
    line = next(i for i in range(proxy.rowCount()) if proxy.index(i, 1).data() == "f32-simd")
    table.scrollTo(proxy.index(line, 1))
    place = table.visualRect(proxy.index(line, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    seen["chosen"] = window.details.row.variant.name
    QTest.mouseClick(window.details.buttons["Source"], Qt.MouseButton.LeftButton)
    code, bar = window.source.code, window.source.editor.bar
    wait(code.isVisible, "the text")
    QTest.keyClick(
        window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    wait(lambda: not code.isReadOnly() and code.hasFocus(), "the editor")
    QTest.keyClicks(code, "oops")
    QTest.keyClick(code, Qt.Key.Key_Return)
    QTest.keyClick(code, Qt.Key.Key_F5)
    wait(lambda: code.error_line, "the error")
    seen["error"] = [code.error_line, bar.result.whole]
    pause(0.2)
    window.screen().grabWindow(0).save(str(folder / "error.png"))
    wait(lambda: not control.running, "the baseline beside it")
    code.setFocus()
    for _ in "oops\n":
        if code.toPlainText().startswith("o"):
            QTest.keyClick(code, Qt.Key.Key_Z, CTRL)
    QTest.keyClick(code, Qt.Key.Key_F5)
    wait(lambda: bar.result.whole.startswith("Correct"), "a result")
    seen["result"] = bar.result.whole
    pause(0.5)
    seen["rows"] = {row.variant.name: row.measurement.status.value for row in control.rows}
    window.screen().grabWindow(0).save(str(folder / "result.png"))
    wait(lambda: not control.running, "the end of the run")  # else closing asks, and waits for an answer
    control.modified = False
    window.close()
    QApplication.processEvents()
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
