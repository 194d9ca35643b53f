"""What a page submits in a visit, and when; and that a Stop ends a run between two of them."""

from typing import Any

import pytest

from tests.measure.test_ahead import in_turn
from tests.web.modules import page
from tests.web.test_gpu import asked, played

ROUNDS = """(async () => {
  const log = [];
  let [calls, gone] = [0, null];
  const cases = [];
  for (let i = 0; i < count; i++) {
    const time = async (repeats) => {
      clock += 1e-5 * repeats + 2e-4;
      calls += 1;
      if (stop && stop === calls) gone = calls;
      return 1e-5 * repeats;
    };
    const ahead = (repeats, batches) => {
      log.push(["encode", i]);
      if (i === broken) throw new Error("cannot be encoded");
      return {
        submit: () => log.push(["submit", i]),
        async seconds() {
          const found = [];
          for (let j = 0; j < batches; j++) found.push(await time(repeats));
          log.push(["read", i]);
          return found;
        },
      };
    };
    const kernel = { time, ahead, timer: "made up", costs: { first_run_s: 0 }, poison: async () => {} };
    const one = { kernel, visits: new Map(), judge: async () => {}, follows: async () => {} };
    one.done = (stop) => (one.ended = stop);
    one.failed = (error) => (one.ended = error.message);
    one.pace = await web.findPace(kernel);
    cases.push(one);
  }
  const watch = { round() {}, stopped: () => gone !== null };
  const settings = { seconds: 0.3, precision: -1, batch_seconds: 0.015, seed: 1 };
  await new web.Sampling(cases, cases[0], settings, 0, 0, watch).run();
  const ends = cases.map(({ ended }) => ended ?? "");
  return { log, after: calls - gone, ends, visits: cases.map(({ visits }) => visits.size) };
})()"""


def rounds(count: int, broken: int = -1, stop: int = 0) -> dict[str, Any]:
    found = page().value(ROUNDS, count=count, broken=broken, stop=stop)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("count", [1, 3])
def test_one_visit_is_under_way_at_a_time_and_the_next_is_encoded_meanwhile(count: int) -> None:
    found = rounds(count)
    assert found["ends"][0] == ("those compared with it are done" if count > 1 else "time limit reached")
    in_turn([(step, index) for step, index in found["log"]], sum(found["visits"]))


def test_what_cannot_be_encoded_costs_its_own_case_alone() -> None:
    broken = rounds(3, broken=1)
    assert broken["ends"][1] == "cannot be encoded"
    assert broken["visits"][2] > 8


@pytest.mark.parametrize("stop", [300, 301, 307])
def test_a_stop_waits_for_no_visit_but_the_one_under_way(stop: int) -> None:
    found = rounds(6, stop=stop)
    assert found["after"] < 15
    assert {*found["ends"]} == {""}, "too few samples"
    late = rounds(6, stop=stop + 9 * 6 * 15)
    assert late["after"] < 15
    assert {*late["ends"]} == {"stopped"}


GPU = """
  adapter.info.isFallbackAdapter = software;
  const [gpu, device] = await opened(["subgroups", "timestamp-query"]);
  const prepare = () => gpu.prepare(given.program, given.operands.map(bytes));
  const [one, other] = [await prepare(), await prepare()];
  delete adapter.info.isFallbackAdapter;
  const near = (list, each) => list.every((seconds) => Math.abs(seconds - each) < 1e-6);
"""


def on_gpu(body: str, software: bool = False) -> Any:
    return played(GPU + body, given=asked(), software=software)


def test_batches_of_one_submission_are_as_many_runs_each_with_its_own_seconds() -> None:
    """A run is two dispatches of 0.01 s here; of another kernel's that are encoded meanwhile none runs."""
    count, seconds, submissions, idle = on_gpu(
        """
        await one.poison();
        await other.poison();
        let submissions = 0;
        const { submit } = device.queue;
        device.queue.submit = (commands) => submit(commands, (submissions += 1));
        const ready = one.ahead(3, 15);
        ready.submit();
        const next = other.ahead(2, 20);
        const seconds = await ready.seconds();
        const [idle] = words(await other.result());
        next.submit();
        const more = await next.seconds();
        const seen = submissions - 1; // the other result was read
        return [
          [words(await one.result())[0] + 1, words(await other.result())[0] + 1],
          [seconds.length, near(seconds, 0.06), more.length, near(more, 0.04)], seen, idle,
        ];
        """
    )
    assert count == [4 * 3 * 15, 4 * 2 * 20]
    assert seconds == [15, True, 20, True]
    assert submissions == 2
    assert idle == 0xFFFFFFFF, "as it was poisoned"


def test_an_error_of_what_is_encoded_is_told_of_it_alone() -> None:
    found, said = on_gpu(
        """
        const ready = one.ahead(1, 1);
        ready.submit();
        device.errors = [["validation", "odd"]];
        const next = other.ahead(1, 1);
        const found = near(await ready.seconds(), 0.02);
        next.submit();
        return [found, await refused(() => next.seconds())];
        """
    )
    assert found
    assert (said["kind"], said["message"]) == ("failed", "odd")


@pytest.mark.parametrize("software", [False, True])
def test_nothing_is_encoded_meanwhile_where_that_takes_the_processor_that_runs(software: bool) -> None:
    assert on_gpu("return one.batches;", software) == {"atOnce": True, "ahead": not software}
