"""Scikit-learn's habits, over sequences of different lengths."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.utils import estimator_checks as checks

from seq2seq import SequenceClassifier, SequenceRegressor

SMALL = {"units": 8, "epochs": 8, "learning_rate": 2e-2, "batch_steps": 60}


def sequences(count: int = 60) -> tuple[list[Any], Any]:
    """Sequences whose label is the sign of their mean."""
    random = np.random.default_rng(1)
    labels = random.integers(0, 2, count)
    made = [
        random.normal(2 * label - 1, 0.7, (random.integers(1, 9), 2)).astype(np.float32)
        for label in labels
    ]
    return made, labels


@pytest.fixture(scope="module")
def fitted() -> SequenceClassifier:
    made, labels = sequences()
    return SequenceClassifier(**SMALL).fit(made, np.array(["low", "high"])[labels])


def test_a_classifier_learns_and_names_its_classes(fitted: SequenceClassifier) -> None:
    made, labels = sequences()
    assert fitted.classes_.tolist() == ["high", "low"]
    assert fitted.score(made, np.array(["low", "high"])[labels]) > 0.9
    probabilities = fitted.predict_proba(made[:5])
    assert probabilities.shape == (5, 2)
    assert np.allclose(probabilities.sum(axis=1), 1.0, atol=1e-5)


def test_a_fitted_estimator_survives_pickle(fitted: SequenceClassifier) -> None:
    made, _ = sequences(5)
    again = pickle.loads(pickle.dumps(fitted))
    assert np.allclose(again.predict_proba(made), fitted.predict_proba(made), atol=1e-6)


def test_it_works_inside_cross_validation() -> None:
    made, labels = sequences()
    scores = cross_val_score(SequenceClassifier(**SMALL), made, labels, cv=2)
    assert scores.mean() > 0.8


@pytest.mark.slow
def test_it_works_inside_grid_search() -> None:
    made, labels = sequences()
    search = GridSearchCV(SequenceClassifier(**SMALL), {"pooling": ["last", "max"]}, cv=2)
    assert search.fit(made, labels).best_params_["pooling"] in ("last", "max")


def test_texts_are_sequences_too() -> None:
    texts = ["good and fine", "bad and poor", "fine", "poor", "good", "bad"] * 10
    labels = [1, 0, 1, 0, 1, 0] * 10
    model = SequenceClassifier(**{**SMALL, "vocab_size": 300}).fit(texts, labels)
    assert model.predict(["good", "poor"]).tolist() == [1, 0]


def test_a_regressor_gives_numbers_in_their_own_scale() -> None:
    made, _ = sequences(80)
    wanted = np.array([1000.0 + 50.0 * steps.mean() for steps in made])
    model = SequenceRegressor(**{**SMALL, "epochs": 20}).fit(made, wanted)
    assert model.score(made, wanted) > 0.8
    assert model.predict(made[:3]).shape == (3,)


def test_what_cannot_be_is_a_value_error() -> None:
    made, labels = sequences(6)
    with pytest.raises(ValueError, match="5 labels"):
        SequenceClassifier().fit(made, [0, 1, 0, 1, 0])
    with pytest.raises(ValueError, match="1 classes"):
        SequenceClassifier().fit(made, [1] * 6)
    with pytest.raises(ValueError, match="finite numbers"):
        SequenceRegressor().fit([[np.nan, 1.0]] * 6, labels)
    with pytest.raises(NotFittedError):
        SequenceClassifier().predict(made)


# Of scikit-learn's checks those that need no table of numbers as input. Left out is every check
# that trains on such a table, for the reason beside it.
CHECKS = [
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_get_params_invariance",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_estimator_tags_renamed",
    "check_valid_tag_types",
    "check_mixin_order",
]
LEFT_OUT = {
    "check_n_features_in_after_fitting": "a sequence is not a row of named columns",
    "check_estimators_nan_inf": "faults of data are told by sequence and step, in other words",
    "check_fit2d_1sample": "its rows are read as sequences of one feature, and one is too few",
    "check_estimator_sparse_array": "a sequence is dense",
    "check_sample_weights_pandas_series": "there are no sample weights; see task.class_weights",
    "check_dtype_object": "an object array is a list of sequences here",
    "check_methods_subset_invariance": "equal up to rounding; tests/invariants has it tighter",
}


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("estimator", [SequenceClassifier, SequenceRegressor])
def test_scikit_learns_checks(name: str, estimator: type) -> None:
    getattr(checks, name)(estimator.__name__, estimator())
    assert clone(estimator(units=5)).units == 5


def test_the_checks_left_out_exist() -> None:
    assert all(hasattr(checks, name) for name in LEFT_OUT)
