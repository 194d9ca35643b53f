"""The guided first run: re-makes chart 1 of the article here, and says what came out."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.charts.headline import headline
from app.charts.scene import View
from app.core.target import Runtime
from app.gui.charts.panel import ChartPanel
from app.gui.kernels.question import Question
from app.gui.kernels.runner import Runner
from app.gui.parts.actions import Action
from app.gui.state.controller import Controller

PLAN = "chart1"


class Guide(QObject):
    """Chooses plan and view, runs, and explains the result; ``say`` shows a line of a level and a text."""

    def __init__(
        self,
        controller: Controller,
        kernels: Question,
        chart: ChartPanel,
        runner: Runner,
        say: Callable[[str, str], None],
    ) -> None:
        super().__init__()
        self._controller, self._kernels, self._chart = controller, kernels, chart
        self._runner, self._say = runner, say
        self._guiding = False
        controller.rows_changed.connect(self._on_rows)

    def start(self) -> None:
        """Run what the article's first chart shows."""
        self._need_gpu()
        self._kernels.choose_plan(PLAN)
        self._chart.set_view(View("bars", articles=True))
        self._runner.run()
        if self._controller.running:
            self._guiding = True
            self._say(
                "info",
                "Chart 1 of the article, on your machine: 8-bit weights over 16-bit ones. "
                "Each result is checked first; the bars settle as rounds come in.",
            )

    def _need_gpu(self) -> None:
        """Tick them all where none is: the chart is of GPUs, and who is guided has nothing to look for."""
        if not any(target.runtime is Runtime.WGSL for target in self._kernels.chosen_targets()):
            for target in self._controller.targets:
                if target.runtime is Runtime.WGSL:
                    self._kernels.targets.set_ticked(target.id, True)

    def _on_rows(self) -> None:
        control, picture = self._controller, self._chart.picture
        if not self._guiding or control.running or not control.session or not picture:
            return
        if tuple(row.measurement for row in control.rows) != control.session.measurements:
            return
        self._guiding = False
        said = headline(picture)
        self._say("info", f"{said}. Grey: what the article reports. Ctrl+1: over size. F11: full-screen.")

    def commands(self) -> list[Action]:
        """The action that starts the guide."""
        control = self._controller
        return [
            Action(
                PLAN,
                "&Help",
                "&Chrome's f16 / u8 / dot4 chart",
                "",
                "A guided first run: the article's first chart on your machine, in under a minute",
                self.start,
                when=lambda: (
                    not control.busy and any(target.runtime is Runtime.WGSL for target in control.targets)
                ),
            )
        ]
