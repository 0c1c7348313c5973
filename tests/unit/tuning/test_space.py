"""The space of a sweep is read from Hydra's sweep grammar, and drawn from as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest

from seq2seq.errors import SettingsError
from seq2seq.tuning.space import (
    Choice,
    Dimension,
    Interval,
    Space,
    Value,
    parse_dimension,
    parse_space,
)

GOOD: list[tuple[str, str, Dimension]] = [
    ("model.units=64,128", "model.units", Choice(("64", "128"))),
    ("model.units=choice(64,128)", "model.units", Choice(("64", "128"))),
    ("model.units=choice(64)", "model.units", Choice(("64",))),
    ("model.units=64,64,128", "model.units", Choice(("64", "128"))),
    ("training.max_epochs=null,3", "training.max_epochs", Choice(("null", "3"))),
    ("training.max_epochs=choice(null,3)", "training.max_epochs", Choice(("null", "3"))),
    ("model.dropout=0.1,1e-1,0.2", "model.dropout", Choice(("0.1", "0.2"))),
    ("model.dropout=0,0.0,-0.0", "model.dropout", Choice(("0",))),
    ("data.name='a',a,\"a\"", "data.name", Choice(("'a'",))),
    ("data.name=1,true,'1'", "data.name", Choice(("1", "true", "'1'"))),
    ("model.attention=luong,none", "model.attention", Choice(("luong", "none"))),
    ("model.bidirectional=true,false", "model.bidirectional", Choice(("true", "false"))),
    ("data.name='a b','c'", "data.name", Choice(("'a b'", "'c'"))),
    ("data.carry=[url,tag],[]", "data.carry", Choice(("[url,tag]", "[]"))),
    ("data.train={source: a},{source: b}", "data.train", Choice(("{source:a}", "{source:b}"))),
    ("optimizer=default,mine", "optimizer", Choice(("default", "mine"))),
    ("experiment/deep=a,b", "experiment/deep", Choice(("a", "b"))),
    ("model.encoder_layers=range(1,4)", "model.encoder_layers", Choice(("1", "2", "3"))),
    ("model.dropout=range(0,1,0.5)", "model.dropout", Choice(("0.0", "0.5"))),
    ("model.units=sort(3,1,2)", "model.units", Choice(("1", "2", "3"))),
    ("model.dropout=float(choice(0,1))", "model.dropout", Choice(("0.0", "1.0"))),
    ("model.units=tag(grid,choice(1,2))", "model.units", Choice(("1", "2"), grid=True)),
    ("model.units=tag(grid,range(1,3))", "model.units", Choice(("1", "2"), grid=True)),
    ("model.dropout=interval(0,0.5)", "model.dropout", Interval(0.0, 0.5)),
    ("model.units=interval(1,5)", "model.units", Interval(1.0, 5.0)),
    ("model.units=int(interval(1,5))", "model.units", Interval(1.0, 5.0, whole=True)),
    ("model.units=tag(int,interval(1,5))", "model.units", Interval(1.0, 5.0, whole=True)),
    ("a.b=tag(log,interval(1e-4,1e-2))", "a.b", Interval(1e-4, 1e-2, log=True)),
    ("a.b=tag(log,int,interval(1,64))", "a.b", Interval(1.0, 64.0, log=True, whole=True)),
    ("a.b=int(tag(log,interval(1,64)))", "a.b", Interval(1.0, 64.0, log=True, whole=True)),
]  # fmt: skip

BAD = [
    ("model.units=glob(*)", "model.units received glob(...); list the values"),
    ("optimizer=glob([a*,b*])", "optimizer received glob(...)"),
    ("model.units=shuffle(1,2)", "model.units received shuffle(...); leave it out"),
    ("model.units=shuffle(range(1,4))", "received shuffle(...)"),
    ("model.units=64", "received one value for model.units, 64; give several"),
    ("model.units=[1,2]", "received one value for model.units"),
    ("model.units=tag(log,choice(1,2))", "received the tag log; a list or range may have grid"),
    ("model.units=tag(grid,interval(1,2))", "received the tag grid; an interval may have int, log"),
    ("model.units=tag(odd,choice(1,2))", "received the tag odd"),
    ("model.units=interval(5,1)", "received interval(5,1); the first number must be the smaller"),
    ("model.units=interval(1,1)", "the first number must be the smaller"),
    ("model.dropout=interval(0,inf)", "received interval(0,inf)"),
    ("model.dropout=tag(log,interval(0,1))", "with log both must be above 0"),
    ("model.dropout=tag(log,interval(-1,1))", "with log both must be above 0"),
    ("model.units=tag(int,interval(0.5,2))", "with int both must be whole numbers"),
    ("model.units=range(3,1)", "received a sweep without values"),
    ("model.units=range(1,100000000)", "received a range of 99,999,999 values; at most 10,000"),
    ("model.units=interval(1)", "is not an override"),
    ("model.units=choice(", "is not an override"),
    ("model.units", "is not an override"),
    ("=1,2", "is not an override"),
    ("+model.units=1,2", "is no key of a sweep"),
    ("optimizer@model=a,b", "is no key of a sweep"),
]


@pytest.mark.parametrize(("text", "key", "dimension"), GOOD, ids=[text for text, _, _ in GOOD])
def test_what_the_grammar_says(text: str, key: str, dimension: Dimension) -> None:
    assert parse_dimension(text) == (key, dimension)


@pytest.mark.parametrize(("text", "part"), BAD, ids=[text for text, _ in BAD])
def test_what_cannot_be_searched_is_one_sentence(text: str, part: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_dimension(text)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_recipe_may_give_a_list() -> None:
    space = parse_space({"model.units": [64, 128], "model.dropout": "interval(0,0.5)"})
    assert space == {"model.units": Choice(("64", "128")), "model.dropout": Interval(0.0, 0.5)}


def test_values_of_a_recipe_are_what_they_are() -> None:
    space = parse_space(
        {
            "training.max_steps": [None, 3],
            "model.bidirectional": [True, False],
            "data.carry": [["url", "tag"], []],
            "data.train": [{"source": "a b", "target": None}],
            "tokenizer.kind": ["bpe", "char"],
            "data.name": ["null", "1", "a, b", "ü"],
            "model.dropout": [0.1, 1e-05],
        }
    )
    assert {key: one.all() for key, one in space.items()} == {
        "training.max_steps": ("null", "3"),
        "model.bidirectional": ("true", "false"),
        "data.carry": ("[url,tag]", "[]"),
        "data.train": ('{source: "a b",target: null}',),
        "tokenizer.kind": ("bpe", "char"),
        "data.name": ('"null"', '"1"', '"a, b"', '"ü"'),
        "model.dropout": ("0.1", "1e-05"),
    }
    assert parse_space({"a": [1, 1.0, "1"]}) == {"a": Choice(("1", '"1"'))}
    with pytest.raises(SettingsError, match=r"received one value for model\.units, null; give"):
        parse_space({"model.units": None})
    with pytest.raises(SettingsError, match="is no key of a sweep"):
        parse_space({"+model.units": [1, 2]})


def different(points: list[dict[str, Value]]) -> int:
    return len({tuple(point.values()) for point in points})


def test_a_finite_space_is_gone_through_once() -> None:
    space = Space({"a": Choice(("x", "y")), "b": Interval(1, 3, whole=True)})
    assert space.size() == 6
    for seed in range(5):
        points = space.points(99, seed=seed)
        assert len(points) == 6 == different(points)
        assert points[:3] == space.points(3, seed=seed), "a larger count changes none before"
    assert space.points(6, seed=1) != space.points(6, seed=2)
    assert len(Space({"a": Choice(("x",))}).points(16, seed=1)) == 1


def test_equal_points_are_not_drawn_twice_from_a_large_space() -> None:
    digits = Choice(tuple("0123456789"))
    space = Space({"a": digits, "b": digits, "c": digits})
    points = space.points(700, seed=3)
    assert len(points) == 700 == different(points)


def test_a_grid_has_as_many_points_as_it_has() -> None:
    space = Space({"a": Choice(("x", "y")), "b": Choice(("1", "2", "3"))})
    points = space.points(99, seed=1, whole=True)
    assert points == [space.point(number, seed=1, whole=True) for number in range(6)]


def test_tagged_keys_stay_in_turn_without_equal_points() -> None:
    space = Space({"a": Choice(("x", "y", "z"), grid=True), "b": Choice(("1", "2"))})
    points = space.points(99, seed=5)
    assert [point["a"] for point in points] == ["x", "y", "z", "x", "y", "z"]
    assert different(points) == 6


def test_real_numbers_are_drawn_as_before() -> None:
    space = Space({"a": Choice(("x", "y")), "b": Interval(0.0, 1.0)})
    assert space.size() == math.inf
    assert space.points(20, seed=1) == [space.point(number, seed=1) for number in range(20)]
    tiny = Space({"b": Interval(0.1, 0.100001)})
    assert 1 <= len(tiny.points(20, seed=1)) <= 2


def test_a_trial_s_values_depend_on_seed_and_number_alone() -> None:
    space = Space({"a": Choice(("x", "y")), "b": Interval(0.0, 1.0)})
    points = [space.point(number, seed=1) for number in range(20)]
    assert points == [space.point(number, seed=1) for number in range(20)]
    assert points != [space.point(number, seed=2) for number in range(20)]
    assert len({point["b"] for point in points}) == 20
    assert {point["a"] for point in points} == {"x", "y"}


def test_draws_keep_their_limits_and_scale() -> None:
    random = np.random.default_rng(0)
    log = [float(Interval(1e-4, 1e-2, log=True).draw(random)) for _ in range(400)]
    assert all(1e-4 <= value <= 1e-2 for value in log)
    assert abs(np.mean([math.log10(value) for value in log]) + 3.0) < 0.1, "evenly in the logarithm"
    whole = [Interval(1, 3, whole=True).draw(random) for _ in range(300)]
    counts = [whole.count(value) for value in (1, 2, 3)]
    assert sum(counts) == 300 and min(counts) > 60, "the ends as often as the middle"
    assert all(isinstance(value, int) for value in whole)


def test_a_grid_goes_through_all_combinations() -> None:
    space = Space({"a": Choice(("x", "y")), "b": Choice(("1", "2", "3"))})
    assert space.grid_size(whole=True) == 6
    points = [space.point(number, seed=1, whole=True) for number in range(6)]
    assert len({tuple(point.values()) for point in points}) == 6


def test_a_key_tagged_grid_takes_its_values_in_turn() -> None:
    space = Space({"a": Choice(("x", "y", "z"), grid=True), "b": Interval(0.0, 1.0)})
    assert [space.point(n, seed=1)["a"] for n in range(6)] == ["x", "y", "z", "x", "y", "z"]


def test_a_neighbour_stays_in_the_space() -> None:
    random = np.random.default_rng(0)
    choice, interval = Choice(("1", "2", "3")), Interval(0.1, 0.5)
    assert {choice.near("2", random) for _ in range(20)} == {"1", "3"}
    assert {choice.near("3", random) for _ in range(20)} == {"2", "3"}
    near = {interval.near(0.5, random) for _ in range(20)}
    assert near == {0.4, 0.5}
    assert Interval(1, 9, whole=True).near(4, random) in (3, 5)
