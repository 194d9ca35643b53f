"""The list of targets: what runs only when asked for says why, and is not ticked by itself."""

from msgspec import structs

from tests.gui.conftest import MakeWindow
from tests.gui.made import FULL, NATIVE, FakeSupervisor

CARD = structs.replace(FULL, id="card", label="Card (Vulkan)", kind="DiscreteGPU", gpu="10de:2330")
TWIN = structs.replace(CARD, id="twin", label="Card (Vulkan) #2")


def test_what_is_unusual_is_listed_and_not_ticked(make_window: MakeWindow) -> None:
    targets = make_window(FakeSupervisor((CARD, TWIN, FULL, NATIVE))).kernels.targets
    assert targets.ticked() == ["card", "numpy"]
    said = {entry.key: entry.reason for entry in targets.entries}
    assert said == {
        "card": "",
        "twin": "a card like Card (Vulkan)",
        "full": "software, beside a GPU",
        "numpy": "",
    }
    targets.set_ticked("twin", True)
    assert targets.ticked() == ["card", "twin", "numpy"]
