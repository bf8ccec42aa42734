"""The trees as arrays give what scikit-learn's give, and the matcher kept in a file is the one that was made."""

from __future__ import annotations

import pickle
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

from macaw import api
from macaw.errors import MacawError
from macaw.organisations import forest
from macaw.organisations.forest import Forest, Model, shipped
from macaw.organisations.tables import kept

ensemble = pytest.importorskip("sklearn.ensemble")
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def as_forest():
    sys.path.insert(0, str(BENCHMARKS))
    try:
        return runpy.run_path(str(BENCHMARKS / "fit_matcher.py"))["as_forest"]
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module")
def fitted():
    draw = np.random.default_rng(1)
    matrix = draw.normal(size=(3000, 5)).round(1)
    right = draw.random(3000) < 1 / (1 + np.exp(-(matrix[:, 0] * 2 - matrix[:, 1] * matrix[:, 2])))
    trees = ensemble.HistGradientBoostingClassifier(max_iter=40, max_depth=forest.DEPTH, random_state=0)
    return matrix, right, trees.fit(matrix, right)


def test_the_arrays_give_what_the_fitted_trees_give(as_forest, fitted):
    matrix, _, trees = fitted
    wanted = trees.predict_proba(matrix)[:, 1]
    assert np.allclose(as_forest(trees).likelihood(matrix), wanted, atol=1e-6)


def test_the_likelihoods_recover_the_truth_they_were_drawn_from(as_forest, fitted):
    matrix, _, trees = fitted
    truth = 1 / (1 + np.exp(-(matrix[:, 0] * 2 - matrix[:, 1] * matrix[:, 2])))
    assert np.abs(as_forest(trees).likelihood(matrix) - truth).mean() < 0.08


def test_no_rows_have_no_likelihood():
    assert shipped().first.likelihood(np.zeros((0, 60))).tolist() == []


def test_a_model_survives_its_file(tmp_path, monkeypatch):
    model = shipped()
    model.save(str(tmp_path / "model.npz"))
    monkeypatch.setattr(forest, "files", lambda package: tmp_path)
    again = shipped()
    assert (again.weights, again.features) == (model.weights, model.features)
    assert np.array_equal(again.second.leaf, model.second.leaf)


def test_a_model_of_other_features_is_refused(tmp_path, monkeypatch):
    none = Forest(np.zeros((0, 1), int), np.zeros((0, 1)), np.zeros((0, 1)), 0.0)
    Model(none, none, {"a": 1.0}, ("length",), np.zeros(2), np.ones(2)).save(str(tmp_path / "model.npz"))
    monkeypatch.setattr(forest, "files", lambda package: tmp_path)
    with pytest.raises(MacawError, match="other features"):
        shipped()


# -- the matcher in the cache ----------------------------------------------------------------------------------


def test_a_kept_matcher_answers_as_the_one_it_was_made_from(demo_build, tmp_path, monkeypatch):
    monkeypatch.setenv("MACAW_CACHE", str(tmp_path))
    made, loaded = (api.matcher(demo_build)[0] for _ in range(2))
    assert len(list((tmp_path / "matchers").glob("*.pickle"))) == 1
    for text in ("Google Research, Zurich", "MIT-IBM Watson AI Lab", "清华大学", "Nairobi, Kenya"):
        assert loaded.match(text) == made.match(text)


def test_a_damaged_file_is_made_anew(tmp_path):
    file = tmp_path / "matcher.pickle"
    file.write_bytes(b"no pickle")
    assert kept(file, lambda: "made") == "made"
    assert pickle.loads(file.read_bytes()) == "made"


def test_a_folder_that_cannot_be_written_is_no_obstacle(tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert kept(tmp_path / "file" / "matcher.pickle", lambda: "made") == "made"


def test_only_the_newest_are_kept(tmp_path):
    for number in range(5):
        kept(tmp_path / f"{number}.pickle", lambda n=number: n)
    assert len(list(tmp_path.glob("*.pickle"))) == 3
