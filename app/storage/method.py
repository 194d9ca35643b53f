"""The numbers of the method, for pages that measure in other people's browsers as the program does here."""

from app.core import measurement
from app.figures import statistics, verdict
from app.measure import calibrate, sampling, stopping, verify, visits, warm

MODULES = (calibrate, visits, warm, sampling, stopping, verify, statistics, verdict, measurement)

Numbers = dict[str, dict[str, float | str | tuple[float, ...]]]


def constants() -> Numbers:
    """Every number of the method by its module and its name, with those that the module has of others."""
    return {
        module.__name__.rpartition(".")[2]: {
            name: value
            for name, value in vars(module).items()
            if name.isupper() and not name.startswith("_") and isinstance(value, float | int | str | tuple)
        }
        for module in MODULES
    }
