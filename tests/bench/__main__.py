"""`make bench`: start a portal on the demo records, measure it, print a table and write bench.json."""

import tempfile
from pathlib import Path

from tests.bench.load import throughput
from tests.bench.measurement import Measurement, report
from tests.bench.memory import resident_megabytes
from tests.bench.portal import portal

BENCH_SETTINGS = "tests.bench.settings"
DIRECTORY = "/shimonoseki/groups/"
# What the issue of a start may cost: ten seconds from the command to the first page.
SECOND_START_SECONDS = 10.0


def main() -> None:
    measurements: list[Measurement] = []
    with tempfile.TemporaryDirectory(prefix="civic-bench-") as folder:
        # PostgreSQL may run as another user, who passes through here.
        Path(folder).chmod(0o711)
        data_directory = Path(folder) / "var"
        with portal(data_directory, settings=BENCH_SETTINGS) as first:
            measurements.append(Measurement("first start, with demo records", "<= 1.0", first.seconds, 60.0, "s"))
        with portal(data_directory, settings=BENCH_SETTINGS) as second:
            measurements.append(
                Measurement("second start to /readyz", "<= 1.0", second.seconds, SECOND_START_SECONDS, "s")
            )
            bare, directory = throughput(second.port, ["/bare/", DIRECTORY])
            measurements.append(
                Measurement("directory page against a bare view with one query", ">= 0.5", directory, bare, "requests/s")
            )
            measurements += resident_megabytes(second.supervisor)
    report(measurements, Path("bench.json"))


if __name__ == "__main__":
    main()
