"""The question: what to run, where, against what, at which sizes and for how long."""

from collections import Counter
from functools import partial
from time import monotonic

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.catalog.choice import NamedPlan
from app.catalog.index import variants
from app.catalog.named_plans import NAMED_PLANS
from app.catalog.request import Request, able, baseline_keys, duration, key, problem
from app.core.baseline import USUAL_BASELINE
from app.core.plan import Case, Settings
from app.core.target import Target
from app.core.usual import why_unusual
from app.core.variant import Variant
from app.gui.kernels.entries import order, target_entries, variant_entry
from app.gui.kernels.form import CHIP_TEXTS, QuestionForm
from app.gui.kernels.offers import kernel_offers
from app.gui.kernels.pace import Pace
from app.gui.kernels.sentence import say
from app.gui.parts.actions import Action
from app.gui.parts.memory import Memory
from app.gui.state.controller import Controller
from app.gui.state.undo import State
from app.workloads import workloads

FIRST = "matvec"
"""What a first start shows."""


class Question(QuestionForm):
    """``plan_changed`` carries what F5 would do, in words, and whether it could."""

    plan_changed = Signal(str, bool)
    state_changed = Signal()

    def __init__(self, controller: Controller, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._memory = memory
        self.pace = Pace(memory)
        self._began: float | None = None
        self.cases: tuple[Case, ...] = ()
        """What would run, as far as it can."""
        self._ready = False
        self._restore()
        self._connect()
        self._ready = True
        self.refresh()

    def _restore(self) -> None:
        memory = self._memory
        names = [memory.read("workload", ""), FIRST, variants()[0].workload]
        self.workload.setCurrentIndex(next(i for i in map(self.workload.findData, names) if i >= 0))
        self.targets.toggled = set(memory.read("targets_toggled", [""]))
        self._recall_variants()
        self._controller.baseline = memory.read("baseline", USUAL_BASELINE)
        self.seconds.setValue(memory.read("seconds", 0.5))
        self.operands.restore(memory)
        self.instances.setValue(memory.read("instances", 1))
        self.sizes.set_workload(workloads()[self.workload.currentData()], memory.read("sizes", ""))

    def remember(self) -> None:
        """Keep the choices for the next start."""
        memory = self._memory
        memory.write("workload", str(self.workload.currentData()))
        memory.write("targets_toggled", sorted(self.targets.toggled))
        self._remember_variants()
        memory.write("baseline", self._controller.baseline)
        memory.write("seconds", self.seconds.value())
        self.operands.remember(memory)
        memory.write("instances", self.instances.value())
        memory.write("sizes", self.sizes.line.text())

    def _recall_variants(self) -> None:
        """Workloads have variants of the same name, so each keeps ticks of its own."""
        self._shown = str(self.workload.currentData())
        self.variants.toggled = set(self._memory.read(f"variants_toggled/{self._shown}", [""]))

    def _remember_variants(self) -> None:
        self._memory.write(f"variants_toggled/{self._shown}", sorted(self.variants.toggled))

    def _connect(self) -> None:
        self.plan.activated.connect(self.refresh)
        self.workload.activated.connect(self._on_workload)
        self.targets.changed.connect(self.refresh)
        self.variants.changed.connect(self.refresh)
        self.sizes.changed.connect(self.refresh)
        self.seconds.valueChanged.connect(self.refresh)
        self.operands.changed.connect(self.refresh)
        self.instances.valueChanged.connect(self.refresh)
        self.baseline.chosen.connect(self._on_baseline)
        self._controller.hardware_changed.connect(self.refresh)
        self._controller.session_changed.connect(self.list_workloads)
        self._controller.session_changed.connect(self.refresh)
        self._controller.own.changed.connect(self.refresh)
        self._controller.problems.changed.connect(self._on_problem)
        self._controller.problems.opened.connect(self._on_opened)
        self._controller.running_changed.connect(self._on_running)

    def _on_workload(self) -> None:
        self._remember_variants()
        self._recall_variants()
        self.sizes.set_workload(workloads()[self.workload.currentData()])
        self.refresh()

    def _on_problem(self, name: str) -> None:
        """A problem of the user's own came, or is another now: perhaps with other sizes."""
        self.list_workloads()
        if self.workload.currentData() == name:
            self.sizes.set_workload(workloads()[name])
        self.refresh()

    def _on_opened(self, name: str) -> None:
        self.choose_plan("")
        self.choose_workload(name)

    def state(self) -> State:
        """What would be run, and against what; what has its default is not in the lists."""
        return {
            "plan": str(self.plan.currentData()),
            "workload": str(self.workload.currentData()),
            "targets": sorted(self.targets.toggled),
            "variants": sorted(self.variants.toggled),
            "sizes": self.sizes.line.text(),
            "seconds": self.seconds.value(),
            **self.operands.choices(),
            "instances": self.instances.value(),
            "baseline": self._controller.baseline,
        }

    def set_state(self, state: State) -> None:
        """Ask for that again."""
        self._ready = False
        self.plan.setCurrentIndex(max(0, self.plan.findData(state.get("plan", self.plan.currentData()))))
        if (found := self.workload.findData(state.get("workload"))) >= 0:
            self.workload.setCurrentIndex(found)
            self._on_workload()
        if "targets" in state:
            self.targets.set_toggled(state["targets"])
        if "variants" in state:
            self.variants.set_toggled(state["variants"])
        self.sizes.line.setText(str(state.get("sizes", self.sizes.line.text())))
        self.seconds.setValue(float(state.get("seconds", self.seconds.value())))
        self.operands.set_state(state)
        self.instances.setValue(int(state.get("instances", self.instances.value())))
        self._controller.set_baseline(str(state.get("baseline", self._controller.baseline)))
        self._ready = True
        self.refresh()

    def commands(self) -> list[Action]:
        """What opens each pop-over."""
        return [
            Action(
                f"ask-{name}",
                "&Run/&Question",
                text,
                f"Alt+Shift+{text.partition('&')[2][:1].upper()}",
                f"{self.chips[name].toolTip()}: choose in the chip above",
                partial(self.open, name),
                when=self.chips[name].isEnabled,
            )
            for name, text in CHIP_TEXTS.items()
        ]

    def offers(self) -> list[Action]:
        """Actions for the palette: every plan, workload, target and variant by name."""
        return kernel_offers(self)

    def choose_workload(self, name: str) -> None:
        """Show the variants of another problem."""
        self.workload.setCurrentIndex(self.workload.findData(name))
        self._on_workload()

    def point_at(self, workload: str, names: list[str]) -> None:
        """Show the variants of a workload and select these, ticked or not."""
        if self.workload.currentData() != workload:
            self.choose_workload(workload)
        self.open("variants")
        self.variants.point_at([key(v) for v in self.known if v.name in names])

    def open(self, chip: str) -> None:
        """Open the pop-over of a chip, where that can be chosen now."""
        if self.chips[chip].isEnabled():
            self.chips[chip].open()

    def _on_baseline(self, baseline: str) -> None:
        self._controller.set_baseline(baseline)
        self.refresh()

    @property
    def known(self) -> tuple[Variant, ...]:
        """All variants of the chosen workload, the user's own last."""
        workload = self.workload.currentData()
        return (*(v for v in variants() if v.workload == workload), *self._controller.own.variants(workload))

    def chosen_targets(self) -> tuple[Target, ...]:
        """The ticked targets."""
        ticked = set(self.targets.ticked())
        return tuple(t for t in self._controller.targets if t.id in ticked)

    def targets_here(self) -> tuple[Target, ...]:
        """Those of them that are on this machine."""
        return tuple(target for target in self.chosen_targets() if not target.machine)

    @property
    def named(self) -> NamedPlan | None:
        """The named plan that is chosen, if one is."""
        return next((plan for plan in NAMED_PLANS if plan.name == self.plan.currentData()), None)

    def choose_plan(self, name: str) -> None:
        """Choose a named plan; an empty name is what is ticked."""
        self.plan.setCurrentIndex(max(0, self.plan.findData(name)))
        self.refresh()

    def request(self) -> Request:
        """What the panel asks for."""
        targets = tuple(target.id for target in self.chosen_targets())
        settings = Settings(
            seconds=self.seconds.value(), instances=self.instances.value(), **self.operands.choices()
        )
        if self.named:
            return Request(
                choices=self.named.choices, targets=targets, baseline=self.named.baseline, settings=settings
            )
        ticked = set(self.variants.ticked())
        return Request(
            targets=targets,
            variants=tuple(v for v in self.known if key(v) in ticked),
            shapes=self.sizes.shapes,
            baseline=self._controller.baseline,
            settings=settings,
            edits=self._controller.own.edits(self.workload.currentData()),
        )

    def refresh(self) -> None:
        """Bring lists, baselines and summary in line with the hardware and the choices."""
        if not self._ready:
            return
        unusual = why_unusual(self._controller.targets)
        machines = self._controller.hardware.machines
        entries = target_entries(self._controller.targets, machines, unusual)
        self.targets.show_entries(entries)
        chosen = self.chosen_targets()
        always = baseline_keys(self.known, chosen, self._controller.baseline)
        searching = self._controller.searching
        ordered = sorted(self.known, key=order)
        self.variants.show_entries([variant_entry(v, chosen, always, searching) for v in ordered])
        session = self._controller.session
        elsewhere = session.targets if session else ()
        offered = {t.id: t for t in (*chosen, *elsewhere)}
        self.baseline.offer(self.known, tuple(offered.values()), self._controller.baseline)
        for name in ("workload", "variants", "sizes"):
            self.chips[name].setEnabled(self.named is None)
            self.chips[name].pop_over.contents.setEnabled(self.named is None)
        words, ready = self._summary()
        self.summary.setText(words)
        say(self, self._controller)
        self.plan_changed.emit(words, ready)
        self.state_changed.emit()

    def _summary(self) -> tuple[str, bool]:
        self.cases = ()
        if self._controller.searching:
            self.forecast.set_whole("Looking for adapters…")
            return "Looking for adapters…", False
        request, found = self.request(), self._controller.targets
        question = f"{self.named.question[:1].upper()}{self.named.question[1:]}\n" if self.named else ""
        if why_not := problem(request, found):
            self.forecast.set_whole(why_not)
            return question + why_not, False
        self.cases, left_out = able(request, found)
        count = len(self.cases)
        seconds, sure = self.pace.forecast(Counter(case.target for case in self.cases), request.settings)
        takes = f"{'' if sure else 'at most '}about {duration(seconds)}"
        self.forecast.set_whole(takes)
        targets = len(self.chosen_targets())
        words = f"{count} case{'s' * (count != 1)} on {targets} target{'s' * (targets != 1)}: {takes}" + (
            f". {left_out} unsupported." if left_out else ""
        )
        self.forecast.setToolTip(words)
        return question + words, True

    def allowed(self) -> float:
        """Seconds for each case."""
        return float(self.seconds.value())

    def _on_running(self, running: bool) -> None:
        """Learn how long runs take from those that were not to go on until they are stopped."""
        control = self._controller
        if running and control.running:
            self._began = None if control.live else monotonic()
        elif self._began is not None and not control.running:
            took, self._began = monotonic() - self._began, None
            if control.session:
                last = max((m.run for m in control.session.measurements), default=0)
                measured = [m for m in control.session.measurements if m.run == last]
                self.pace.learn(measured, control.session.plan.settings, took)
                self.refresh()
