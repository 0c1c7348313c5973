"""What the workers of a run are told by the one who started them, and the other way round."""

from __future__ import annotations

from seq2seq.distributed.mailbox import Mailbox, Outcome


def begin(mailbox: Mailbox, step: int, workers: int) -> list[bool]:
    return [mailbox.begin(rank, step, workers) for rank in range(workers)]


def test_messages_come_once_and_in_order() -> None:
    mailbox = Mailbox()
    mailbox.post("note", "one")
    mailbox.post("close")
    assert mailbox.collect() == [("note", "one"), ("close",)]
    assert mailbox.collect() == []


def test_a_run_that_gets_further_may_fail_often() -> None:
    mailbox = Mailbox()
    for step in range(20):
        assert begin(mailbox, step, 2) == [True, True]
    assert len(mailbox.collect()) == 19  # one note for each new beginning


def test_a_run_that_keeps_failing_is_over_for_every_worker() -> None:
    mailbox = Mailbox()
    assert [begin(mailbox, 30, 3) for _ in range(4)] == [[True] * 3] * 4
    mailbox.failed("OSError: no space left")
    begin(mailbox, 30, 3)
    outcome = mailbox.outcome()
    assert outcome is not None and outcome.error == "TrainingError"
    assert outcome.message == "the workers failed 4 times at step 30: OSError: no space left"
    assert begin(mailbox, 30, 3) == [False] * 3


def test_another_number_of_workers_is_no_failure() -> None:
    mailbox = Mailbox()
    for workers in [2, 3] * 5:
        assert begin(mailbox, 30, workers) == [True] * workers


def test_the_first_outcome_is_right() -> None:
    mailbox = Mailbox()
    mailbox.end(Outcome("DataError", "a file is missing"))
    mailbox.end(Outcome("TrainingError", "the others died of it"))
    assert mailbox.outcome() == Outcome("DataError", "a file is missing")
    assert begin(mailbox, 0, 2) == [False, False]
    mailbox.stop(15)
    assert mailbox.signal() == 15
