"""Apps offer measures by name."""

import pytest

from civic.measures.registry import find, offered, register


def test_measures_are_offered_by_name() -> None:
    names = [measure.name for measure in offered()]
    assert names == sorted(names)
    assert {"centres.active_groups", "centres.consultations"} <= set(names)
    assert find("centres.consultations").unit == "件"


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match=r"centres\.consultations"):
        register(find("centres.consultations"))


def test_a_measure_nobody_offers() -> None:
    with pytest.raises(KeyError):
        find("centres.nothing")
