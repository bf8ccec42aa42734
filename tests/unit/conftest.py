"""One small build for all tests of the build."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from support.builds import Place, few_files, one_specification


@pytest.fixture(scope="module")
def few_values() -> Iterator[None]:
    with one_specification():
        yield


@pytest.fixture(scope="session")
def finished(tmp_path_factory, demo_data) -> Place:
    folder = tmp_path_factory.mktemp("finished")
    place = Place(few_files(demo_data, folder / "data"), folder / "out")
    with one_specification():
        place.build()
    return place


@pytest.fixture
def place(finished, tmp_path) -> Place:
    """A finished build and its data, free to be changed."""
    shutil.copytree(finished.data, tmp_path / "data")
    shutil.copytree(finished.out, tmp_path / "out", copy_function=shutil.copy2)
    return Place(tmp_path / "data", tmp_path / "out")
