"""Sequence numbers as Delta transactions."""

import random

import pytest

from limbs import app_ids, from_limbs, position, to_limbs, transactions

KINESIS = 49590338271490256608559692538361571095921575989136588898
EDGES = [0, 1, 2**48 - 1, 2**48, 2**96, 2**144, 2**192 - 1, KINESIS]
SAMPLES = EDGES + [random.Random(7).getrandbits(bits) for bits in range(1, 193)]


@pytest.mark.parametrize("sequence", SAMPLES)
def test_a_sequence_number_comes_back_from_its_limbs_unchanged(sequence: int) -> None:
    limbs = to_limbs(sequence)
    assert from_limbs(limbs) == sequence
    assert all(0 <= limb < 2**53 for limb in limbs)


def test_limbs_sort_as_their_numbers_do() -> None:
    assert sorted(SAMPLES) == [from_limbs(limbs) for limbs in sorted(map(to_limbs, SAMPLES))]


@pytest.mark.parametrize("sequence", [-1, 2**192])
def test_a_number_that_fits_no_limbs_is_refused(sequence: int) -> None:
    with pytest.raises(ValueError, match="allowed are 0 to 2"):
        to_limbs(sequence)


def test_a_position_is_read_back_from_the_transactions_of_its_shard() -> None:
    recorded = transactions({"shard-0": KINESIS, "shard-1": 7})
    assert list(recorded)[:4] == app_ids("shard-0")
    assert position("shard-0", recorded.get) == KINESIS
    assert position("shard-1", recorded.get) == 7
    assert position("shard-2", recorded.get) is None
