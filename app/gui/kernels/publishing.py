"""Publishing what the question asks for as a page that runs in its visitors' browsers."""

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtWidgets import QFileDialog, QWidget

from app.catalog.request import Request, chosen
from app.core.errors import KernelscopeError
from app.core.plan import Plan, Settings
from app.gui.kernels.question import Question
from app.gui.parts.actions import Action
from app.gui.parts.background import Background


def page_plan(request: Request) -> Plan:
    """The variants and sizes of ``request``, on whatever the visitor has.

    Raises:
        KernelscopeError: none of them runs in a browser.
    """
    from app.storage.publish import PAGE_TARGETS  # brings the engines, which take a while

    page = replace(
        request,
        choices=tuple(replace(choice, target=()) for choice in request.choices),
        targets=None,
        variants=tuple(variant for variant in request.variants if variant.checked),
        settings=Settings(seconds=request.settings.seconds),
    )
    plan = chosen(page, PAGE_TARGETS)
    if not plan.cases:
        raise KernelscopeError("tick at least one variant that runs in a browser, and give a size")
    return replace(plan, edits=())


class Publishing:
    """``say`` shows a line of a level and a text."""

    def __init__(self, kernels: Question, say: Callable[[str, str], None], parent: QWidget) -> None:
        self._kernels, self._say, self._parent = kernels, say, parent
        self._background = Background("publish", parent)
        self._background.failed.connect(lambda line: say("error", f"{line[:1].upper()}{line[1:]}."))

    def commands(self) -> list[Action]:
        """The action for the File menu."""
        return [
            Action(
                "publish",
                "&File",
                "&Publish as a page…",
                "",
                "A folder for any web server: what is ticked runs in its visitors' browsers",
                self.ask,
                when=lambda: not self._background.busy,
            )
        ]

    def ask(self) -> None:
        """Let the user name the folder."""
        name = QFileDialog.getExistingDirectory(self._parent, "Publish into an empty folder")
        if name:
            self.write(Path(name))

    def write(self, folder: Path) -> None:
        """Write the page in the background; large sizes take a while."""
        try:
            plan = page_plan(self._kernels.request())
        except KernelscopeError as error:
            self._say("warning", f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return
        self._say("info", f"Publishing {len(plan.cases)} cases…")
        done = f"Published {len(plan.cases)} cases: {folder / 'index.html'} on any web server runs them."
        from app.storage.publish import publish

        self._background.ask(lambda: publish(plan, folder), lambda _: self._say("info", done))

    def close(self) -> None:
        """Let what is under way end."""
        self._background.close()
