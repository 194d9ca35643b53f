"""The window: PySide6 and pyqtgraph. Nothing here touches a GPU or a Wasm engine; the worker does."""
