"""One measured figure, and the table of them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measurement:
    """`ratio` is value ÷ baseline, both in `unit`; `target` says which ratios are good ("<= 1.0"), None: any."""

    name: str
    target: str | None
    value: float
    baseline: float
    unit: str

    @property
    def ratio(self) -> float:
        return self.value / self.baseline

    @property
    def holds(self) -> bool:
        if self.target is None:
            return True
        comparison, limit = self.target.split()
        return self.ratio <= float(limit) if comparison == "<=" else self.ratio >= float(limit)


def report(measurements: Sequence[Measurement], file: Path) -> None:
    """Print the measurements as a table and write them as JSON."""
    width = max(len(measurement.name) for measurement in measurements)
    print(f"\n{'measured':<{width}}  {'ratio':>7}  {'target':>8}  {'value':>10}  {'baseline':>10}  unit")
    for m in measurements:
        figures = f"{m.ratio:7.2f}  {m.target or '':>8}  {m.value:10.2f}  {m.baseline:10.2f}"
        print(f"{m.name:<{width}}  {figures}  {m.unit}{'' if m.holds else '   <- off target'}")
    rows = [{**asdict(m), "ratio": round(m.ratio, 4)} for m in measurements]
    file.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
