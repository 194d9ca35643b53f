"""What the tests of published pages share: their modules in V8 without a browser, and one scripted clock.

A scripted kernel is timed in Python first. What it was asked and said then is played to the page's modules:
one that asks anything else has found something else.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
import pytest
from py_mini_racer import MiniRacer

from app.core.measurement import Costs
from app.engines.v8.proposals import start_v8
from app.measure import calibrate, sampling, warm
from app.storage.method import constants
from app.storage.publish import SOURCES

IMPORT = re.compile(r'^import \{ (.+?) \} from "\./(.+?)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (async function|function|class|const) (\w+)", re.MULTILINE)

PLAYED = """
let clock = 0;
globalThis.performance = { now: () => 1000 * clock };
class Played {
  timer = "scripted";
  asked = [];
  constructor({ said, first, spare, together }) {
    Object.assign(this, { said, spare });
    if (together) this.each = async (repeats, count) => {
      const found = [];
      while (found.length < count) found.push(await this.time(repeats));
      return found;
    };
    this.costs = { first_run_s: first };
  }
  async time(repeats) {
    const [expected, seconds, elapsed] = this.said[this.asked.length] ?? [];
    this.asked.push(repeats);
    if (repeats !== expected) throw new Error(`asked for ${repeats}, not for ${expected}`);
    clock += elapsed;
    return seconds;
  }
  async poison() {}
  fallBack() {
    const had = this.spare;
    this.spare = false;
    return had;
  }
}
"""


class Page:
    """Modules of a page, whose exports are those of ``web`` in what is evaluated.

    ``globals`` is a text that makes what they need of a browser. ``workers`` are modules that run when a
    ``Worker`` of it starts: each has a function in ``scripts`` that takes what is its ``globalThis``.
    """

    def __init__(self, *names: str, globals: str = PLAYED, workers: Sequence[str] = ()) -> None:
        start_v8()
        self._racer = MiniRacer()
        self._racer.eval("const modules = {}, web = {}, scripts = {}; 0")
        self._racer.eval(globals)
        self._loaded: set[str] = set()
        for name in ("method.js", *names):
            self._load(name)
        for name in workers:
            self._racer.eval(f'scripts["{name}"] = (globalThis) => {{ {self._body(name)} }}; 0')
        self.value("web.take(given)", given=constants())

    def _load(self, name: str) -> None:
        if name in self._loaded:
            return
        self._loaded.add(name)
        body = self._body(name)
        exports = ", ".join(name for _, name in EXPORT.findall((SOURCES / name).read_text("utf-8")))
        self._racer.eval(
            f'modules["{name}"] = (() => {{ "use strict"; {body}\nreturn {{ {exports} }}; }})();'
            f'Object.assign(web, modules["{name}"]); 0'
        )

    def _body(self, name: str) -> str:
        """The text of a module as that of a function, once those that it imports are there."""
        text = (SOURCES / name).read_text("utf-8")
        for _, other in IMPORT.findall(text):
            self._load(other)
        body = EXPORT.sub(r"\1 \2", IMPORT.sub(r'const { \1 } = modules["\2"];', text))
        return body.replace("import.meta.url", '"page:/"')

    def value(self, expression: str, **given: object) -> Any:
        """What ``expression`` comes to once its promises are kept; ``given`` are names in it."""
        text = (
            f"(async ({{{', '.join(given)}}}) => JSON.stringify(await ({expression})))({json.dumps(given)})"
        )
        said = self._racer.eval(text).get(timeout=60)
        return json.loads(said) if isinstance(said, str) else None


@cache
def page() -> Page:
    """The modules that need no browser."""
    return Page("sampling.js", "measure.js", "words.js", "clock.js")


class Clock:
    """Stands for ``time``: only scripted kernels move it, by whole ticks, so that sums are exact."""

    TICK = 2.0**-34

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now

    monotonic = perf_counter

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """For as long as this lasts, calibration and sampling look at this clock."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(calibrate, "time", self)
            patch.setattr(sampling, "time", self)
            patch.setattr(warm, "time", self)
            yield


class Scripted:
    """A kernel whose seconds are ``rule`` of the runs and of the number of the call.

    An answer takes ``busy`` times as long and ``idle`` seconds more. There may be a ``spare`` clock.
    Batches may be given ``together``.
    """

    timer = "scripted"

    def __init__(
        self,
        clock: Clock,
        rule: Callable[[int, int], float],
        first: float = 0.0,
        idle: float = 0.0,
        busy: float = 1.0,
        spare: bool = False,
        together: bool = False,
    ) -> None:
        self.costs = Costs(0, 0, first)
        self.said: list[tuple[int, float, float]] = []
        self._clock, self._rule, self._idle, self._busy = clock, rule, idle, busy
        self._had_spare = self.spare = spare
        self._together = together

    def time(self, repeats: int) -> float:
        exact = self._rule(repeats, len(self.said))
        seconds = math.ceil(exact / Clock.TICK) * Clock.TICK
        elapsed = math.ceil((max(exact, 0.0) * self._busy + self._idle) / Clock.TICK) * Clock.TICK
        self._clock.now += elapsed
        self.said.append((repeats, seconds, elapsed))
        return seconds

    @property
    def each(self) -> Callable[[int, int], list[float]] | None:
        return self._each if self._together else None

    def _each(self, repeats: int, batches: int) -> list[float]:
        return [self.time(repeats) for _ in range(batches)]

    def fall_back(self) -> bool:
        had, self.spare = self.spare, False
        return had

    def poison(self) -> None: ...

    def load(self, _: object) -> None: ...

    def result(self) -> np.ndarray:
        return np.zeros(1)

    def close(self) -> None: ...

    @property
    def played(self) -> dict[str, object]:
        """What the page's modules get of it."""
        told = {"said": self.said, "first": self.costs.first_run_s}
        return {**told, "spare": self._had_spare, "together": self._together}

    @property
    def asked(self) -> list[int]:
        return [repeats for repeats, *_ in self.said]


def close(found: Sequence[float | None], expected: Sequence[float | None]) -> bool:
    """Whether figures agree to 1e-12 of them."""
    return len(found) == len(expected) and all(
        a == b if b is None else a == pytest.approx(b, rel=1e-12, abs=0)
        for a, b in zip(found, expected, strict=True)
    )
