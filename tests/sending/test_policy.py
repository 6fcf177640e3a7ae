"""When a letter has another request: one decision, whatever the answers were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from batchsend.sending import SendSettings
from batchsend.sending.policy import LONGEST_DELAY, POLICIES, Tried, wait_before_another
from batchsend.sending.responses import AnswerKind, Verdict

FINAL = {AnswerKind.TAKEN, AnswerKind.REJECTED, AnswerKind.FORBIDDEN}
NEVER_LEFT = {AnswerKind.UNREACHED, AnswerKind.NOT_SENT}


def test_a_letter_in_doubt_has_no_other_request_unless_repeats_are_refused() -> None:
    tried = Tried(attempts=1, in_doubt=True, begun=1, retries=0)
    for kind in AnswerKind:
        assert wait_before_another(Verdict(kind, ""), tried, SendSettings()) is None
    safe = SendSettings(repeats_are_refused=True)
    assert wait_before_another(Verdict(AnswerKind.IN_DOUBT, ""), tried, safe) is not None


def test_every_fate_has_a_policy() -> None:
    assert set(POLICIES) == set(AnswerKind)


@given(
    st.sampled_from(AnswerKind),
    st.builds(
        Tried,
        attempts=st.integers(0, 12),
        in_doubt=st.booleans(),
        begun=st.integers(1, 5_000),
        retries=st.integers(0, 5_000),
    ),
    st.builds(
        SendSettings,
        attempts=st.integers(1, 10),
        retry_share=st.sampled_from([0, 0.1, 1]),
        repeats_are_refused=st.booleans(),
    ),
)
def test_what_is_final_or_in_doubt_is_not_repeated(
    kind: AnswerKind, tried: Tried, settings: SendSettings
) -> None:
    wait = wait_before_another(Verdict(kind, ""), tried, settings)
    budget = 100 + settings.retry_share * tried.begun
    if kind in FINAL or (tried.in_doubt and not settings.repeats_are_refused):
        assert wait is None
    elif kind in NEVER_LEFT:
        assert wait is not None
    else:
        within = tried.attempts < settings.attempts and tried.retries < budget
        assert (wait is not None) == within
    assert wait is None or 0 <= wait <= LONGEST_DELAY
