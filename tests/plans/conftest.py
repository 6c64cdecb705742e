from pathlib import Path

import pytest

from tests.plans.sample_plan import write_plan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A municipality's folder that holds the sample plan."""
    return write_plan(tmp_path)
