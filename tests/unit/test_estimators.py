"""Scikit-learn's habits, over sequences of different lengths."""

from __future__ import annotations

import functools
import pickle
from typing import Any
from unittest import SkipTest

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.utils import estimator_checks as checks

from seq2seq import SequenceClassifier, SequenceRegressor
from seq2seq.estimators import seed_of

SMALL = {"units": 8, "bidirectional": False, "epochs": 8, "learning_rate": 2e-2, "batch_steps": 60}
# Where nothing has to be learned.
LEAST: dict[str, Any] = {"units": 4, "bidirectional": False, "epochs": 1}


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
    model = SequenceRegressor(**SMALL).fit(made, wanted)
    assert model.score(made, wanted) > 0.8
    assert model.predict(made[:3]).shape == (3,)


def test_what_cannot_be_is_a_value_error() -> None:
    made, labels = sequences(6)
    with pytest.raises(ValueError, match="5 labels"):
        SequenceClassifier().fit(made, [0, 1, 0, 1, 0])
    with pytest.raises(ValueError, match="one class"):
        SequenceClassifier().fit(made, [1] * 6)
    with pytest.raises(ValueError, match="finite numbers"):
        SequenceRegressor().fit([[np.nan, 1.0]] * 6, labels)
    with pytest.raises(NotFittedError):
        SequenceClassifier().predict(made)


def test_blank_texts_get_what_is_known_without_them() -> None:
    texts, labels = ["good film", "bad film", "poor film"] * 4, ["yes", "no", "no"] * 4
    model = SequenceClassifier(**LEAST, vocab_size=300).fit(texts, labels)
    given = ["", "good film", " \t ", "\u200b"]
    with pytest.warns(UserWarning, match=r"^3 rows \(X\[0\], X\[2\], X\[3\]\) of X hold no text"):
        probabilities = model.predict_proba(given)
    assert probabilities.shape == (4, 2)
    assert probabilities[[0, 2, 3]] == pytest.approx(np.array([[2 / 3, 1 / 3]] * 3))
    assert probabilities[1] == pytest.approx(model.predict_proba(["good film"])[0], abs=1e-6)
    with pytest.warns(UserWarning, match="hold no text"):
        predicted = model.predict(given)
    assert predicted[[0, 2, 3]].tolist() == ["no"] * 3
    numbers = SequenceRegressor(**LEAST, vocab_size=300).fit(texts, [1.0, 2.0, 6.0] * 4)
    with pytest.warns(UserWarning, match=r"1 rows \(X\[1\]\)"):
        assert numbers.predict(["good film", ""])[1] == pytest.approx(3.0)
    assert model.predict([]).shape == (0,) and model.predict_proba([]).shape == (0, 2)


@pytest.mark.parametrize("given", ["good film", b"good film", np.array("good film"), None, 3.0])
def test_one_text_or_number_in_place_of_a_list_is_refused(
    given: Any, fitted: SequenceClassifier
) -> None:
    for use in (
        fitted.predict,
        fitted.predict_proba,
        lambda X: fitted.score(X, [1]),
        lambda X: SequenceClassifier().fit(X, [0, 1]),
        lambda X: SequenceRegressor().fit(X, [0.0, 1.0]),
    ):
        with pytest.raises(ValueError, match=r"^X is .*; it must be a list of sequences"):
            use(given)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (["a", ""], r"^X\[1\] cannot be used: empty text$"),
        (["a", "b\x00"], r"^X\[1\] cannot be used: control character U\+0000 in text$"),
        (["a", "\u200b"], r"^X\[1\] cannot be used: empty text$"),
        (["a", [1.0]], r"^X\[1\] is an array of \[1, 1\] and X\[0\] is one text"),
        (["a", None], r"^X\[1\] is the single value None"),
        ([["a"], ["b"]], r"^X\[0\] is no text and no array of numbers"),
        ([np.ones((2, 1)), np.ones((2, 2))], r"^X\[1\] has 2 features and X\[0\] has 1"),
        ([np.ones((2, 1)), np.full((2, 1), np.nan)], r"^X\[1\] holds nothing but NaN"),
        ([[np.nan, 1.0], [1.0]], r"^X\[0\] has nan at step 0, feature 0"),
        ([[1.0], [1.0, 1e39]], r"^X\[1\] has 1e\+39 at step 1, feature 0"),
        ([np.ones((2, 1, 1)), [1.0]], r"^X\[0\] is an array of \[2, 1, 1\]"),
    ],
)
def test_a_row_of_x_that_cannot_be_used_is_named(X: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SequenceClassifier(units=4, epochs=1, vocab_size=300).fit(X, [0, 1])


def test_a_row_of_another_kind_is_named_by_predict(fitted: SequenceClassifier) -> None:
    with pytest.raises(ValueError, match=r"^X\[1\] is 3 features, where 2 are wanted"):
        fitted.predict([np.ones((2, 2)), np.ones((2, 3))])
    with pytest.raises(ValueError, match=r"^X\[0\] is a text, where sequences of numbers"):
        fitted.predict(["text"])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"units": 0}, r"^units received 0; it must be"),
        ({"pooling": "x"}, r"^pooling received 'x'; allowed"),
        ({"epochs": 0}, r"^epochs received 0"),
        ({"vocab_size": 100}, r"^vocab_size received 100; it must be above 276"),
        ({"random_state": "x"}, r"cannot be used to seed"),
        ({"random_state": -1}, r"must be between 0 and"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(parameters: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        SequenceClassifier(**{"units": 4, **parameters}).fit(["a b", "b a"], [0, 1])
    assert "model." not in str(error.value) and "tokenizer." not in str(error.value)


def test_warnings_of_a_fit_speak_of_its_parameters(caplog: pytest.LogCaptureFixture) -> None:
    SequenceClassifier(**LEAST).fit(["a b", "b a"], [0, 1])
    (told,) = [record.getMessage() for record in caplog.records if record.name == "seq2seq"]
    assert told.startswith("the corpus is too small for vocab_size=2000: ")


def test_steps_of_nan_at_the_end_are_padding(fitted: SequenceClassifier) -> None:
    made, labels = sequences(12)
    padded = np.full((12, 9, 2), np.nan)
    for row, steps in enumerate(made):
        padded[row, : len(steps)] = steps
    assert np.allclose(fitted.predict_proba(padded), fitted.predict_proba(made), atol=1e-6)
    first, second = (
        SequenceClassifier(**LEAST).fit(X, labels).predict_proba(made)
        for X in (made, padded.astype(np.float32))
    )
    assert np.array_equal(first, second)


def test_random_state_is_that_of_scikit_learn() -> None:
    assert seed_of(3) == seed_of(np.int64(3)) == 3
    assert 0 <= seed_of(2**32 - 1) < 2**31
    for make in (np.random.RandomState, np.random.default_rng):
        state = make(0)
        assert [seed_of(state), seed_of(state)] == [seed_of(make(0)), seed_of(state_after(make))]
        assert seed_of(state) != seed_of(state)
    assert seed_of(None) != seed_of(None)
    np.random.seed(0)
    first = seed_of(None)
    np.random.seed(0)
    assert seed_of(None) == first


def state_after(make: Any) -> Any:
    """A generator that one seed was drawn from."""
    state = make(0)
    seed_of(state)
    return state


def test_a_fit_without_random_state_differs_from_the_next() -> None:
    made, labels = sequences(8)
    model = SequenceClassifier(**LEAST, random_state=None)
    first, second = (model.fit(made, labels).predict_proba(made) for _ in range(2))
    assert not np.array_equal(first, second)


def test_times_since_1970_are_told_apart() -> None:
    starts = 1.7e9 + np.arange(40) % 7
    gaps = np.where(np.arange(40) % 2, 8.0, 0.5)
    made = [
        (start + gap * np.arange(1, 6))[:, np.newaxis]
        for start, gap in zip(starts, gaps, strict=True)
    ]
    model = SequenceClassifier(**SMALL)
    assert model.fit(made, gaps.astype(str)).score(made, gaps.astype(str)) == 1.0


# All of scikit-learn's checks. Those that train take seconds each and are slow tests.
CHECKS = [
    "check_classifiers_one_label",
    "check_classifiers_one_label_sample_weights",
    "check_classifiers_regression_target",
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_sparse_array",
    "check_estimator_sparse_matrix",
    "check_estimator_sparse_tag",
    "check_estimator_tags_renamed",
    "check_estimators_partial_fit_n_features",
    "check_estimators_unfitted",
    "check_fit1d",
    "check_fit2d_1sample",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_non_transformer_estimators_n_iter",
    "check_parameters_default_constructible",
    "check_regressors_no_decision_function",
    "check_requires_y_none",
    "check_set_params",
    "check_supervised_y_no_nan",
    "check_valid_tag_types",
]
CHECKS_THAT_TRAIN = [
    "check_classifier_data_not_an_array",
    "check_classifiers_classes",
    "check_complex_data",
    "check_decision_proba_consistency",
    "check_dict_unchanged",
    "check_dont_overwrite_parameters",
    "check_dtype_object",
    "check_estimators_dtypes",
    "check_estimators_fit_returns_self",
    "check_estimators_nan_inf",
    "check_estimators_overwrite_params",
    "check_estimators_pickle",
    "check_f_contiguous_array_estimator",
    "check_fit2d_1feature",
    "check_fit_check_is_fitted",
    "check_fit_idempotent",
    "check_fit_score_takes_y",
    "check_methods_sample_order_invariance",
    "check_methods_subset_invariance",
    "check_pipeline_consistency",
    "check_positive_only_tag_during_fit",
    "check_readonly_memmap_input",
    "check_regressor_data_not_an_array",
    "check_regressors_int",
    "check_regressors_train",
]
LEFT_OUT = {
    "check_array_api_input": "arrays become NumPy's; a GPU is chosen by training.device",
    "check_n_features_in": "a sequence has steps, not a number of named columns",
    "check_n_features_in_after_fitting": "a sequence has steps, not a number of named columns",
    "check_classifiers_train": "wants rows of another length refused; they are longer sequences",
    "check_estimators_empty_data_messages": "wants rows of length 0 told as missing features",
    "check_fit2d_predict1d": "wants to be told to reshape what is no table",
    "check_supervised_y_2d": "a regressor of y [n, 1] gives [n, 1], and a classifier warns",
}
ESTIMATORS = [SequenceClassifier, SequenceRegressor]


def checks_of(estimator: Any) -> dict[str, list[Any]]:
    """What scikit-learn would check of it, by name; a name may stand for several checks."""
    found: dict[str, list[Any]] = {}
    for made, check in checks.estimator_checks_generator(estimator, legacy=True):
        function = check
        while hasattr(function, "func"):
            function = function.func
        found.setdefault(function.__name__, []).append(functools.partial(check, made))
    return found


def pairs(names: list[str]) -> list[tuple[type, str]]:
    return [
        (estimator, name)
        for estimator in ESTIMATORS
        for name in checks_of(estimator())
        if name in names
    ]


@pytest.mark.parametrize(("estimator", "name"), pairs(CHECKS))
def test_scikit_learns_checks(estimator: type, name: str) -> None:
    run_checks(estimator(**LEAST), name)
    assert clone(estimator(units=5)).units == 5


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("estimator", "name"), pairs(CHECKS_THAT_TRAIN))
def test_scikit_learns_checks_that_train(estimator: type, name: str) -> None:
    size = {"units": 8, "epochs": 2}
    if name == "check_regressors_train":  # which wants a good score
        size = {"units": 32, "epochs": 80}
    run_checks(estimator(learning_rate=1e-2, **size), name)


def run_checks(estimator: Any, name: str) -> None:
    for check in checks_of(estimator)[name]:
        try:
            check()
        except SkipTest as reason:
            pytest.skip(str(reason))


def test_every_check_is_run_or_left_out_for_a_reason() -> None:
    listed = [*CHECKS, *CHECKS_THAT_TRAIN, *LEFT_OUT]
    assert len(listed) == len(set(listed))
    assert set(listed) == {name for estimator in ESTIMATORS for name in checks_of(estimator())}


def test_a_sequence_of_complex_numbers_or_without_steps_is_refused() -> None:
    made, labels = sequences(4)
    with pytest.raises(ValueError, match="Complex data not supported"):
        SequenceRegressor().fit([steps + 1j for steps in made], labels)
    with pytest.raises(ValueError, match="at least one step"):
        SequenceRegressor().fit([*made, []], [*labels, 1])
    with pytest.raises(ValueError, match="X holds no sequences"):
        SequenceRegressor().fit([], [])
    with pytest.raises(TypeError, match="sparse"):
        SequenceRegressor().fit(csr_array(np.eye(4)), labels)
