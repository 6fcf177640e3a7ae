"""Workers: whatever a process answers, each task gets its own answer or an error."""

from __future__ import annotations

import pytest

from batchsend.rendering.workers.executor import WorkerDied, Workers

# Runs in the worker, which cannot import this file. The text behind it fills more than one frame
# of the answer, so that some of it is still in the pipe when reading fails.
ANSWER = "[type('Bad', (), {'__reduce__': lambda self: (%s)})(), 'of another' * 100_000]"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("made_by", "said"),
    [
        ("len, (5,)", "TypeError"),
        ("int, ('five',)", "ValueError"),
        ("dict().__getitem__, ('five',)", "KeyError"),
        ("__import__('sys').exit, (0,)", "SystemExit"),
    ],
)
def test_an_answer_that_cannot_be_read_costs_its_process(made_by: str, said: str) -> None:
    workers = Workers(1, timeout=60)
    try:
        assert workers.submit(eval, "6 * 7").result() == 42
        before = workers.pids
        with pytest.raises(WorkerDied, match=f"cannot be read: {said}"):
            workers.submit(eval, ANSWER % made_by).result()
        assert workers.submit(eval, "7 * 7").result() == 49
        assert workers.pids != before
    finally:
        workers.shutdown(cancel_futures=True)


@pytest.mark.slow
def test_a_call_that_cannot_be_sent_leaves_the_process_to_the_next() -> None:
    workers = Workers(1, timeout=60)
    try:
        assert workers.submit(eval, "6 * 7").result() == 42
        before = workers.pids
        with pytest.raises(TypeError):
            # A generator cannot be pickled; what is before it is more than one frame.
            workers.submit(len, ["x" * 200_000, (n for n in "")]).result()
        assert workers.submit(eval, "7 * 7").result() == 49
        assert workers.pids == before
    finally:
        workers.shutdown(cancel_futures=True)
