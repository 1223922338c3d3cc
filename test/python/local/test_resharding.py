"""Probes: shards that are split or merged."""

from typing import Any

from emulator import Emulator, unique
from streams import Stream

HALF = str(2**127)


def put(kinesis: Any, stream: str, *texts: str) -> None:
    kinesis.put_records(StreamName=stream, Records=[{"Data": text.encode(), "PartitionKey": text} for text in texts])


def created(emulator: Emulator, shards: int = 1) -> tuple[Any, str]:
    kinesis, name = emulator.client("kinesis"), unique("stream")
    kinesis.create_stream(StreamName=name, ShardCount=shards)
    return kinesis, name


def shards_of(kinesis: Any, stream: str) -> dict[str, dict[str, Any]]:
    return {each["ShardId"]: each for each in kinesis.list_shards(StreamName=stream)["Shards"]}


def opened(shards: dict[str, dict[str, Any]]) -> list[str]:
    return [name for name, each in shards.items() if "EndingSequenceNumber" not in each["SequenceNumberRange"]]


def read(kinesis: Any, stream: str, shard: str) -> tuple[list[str], bool]:
    """The texts of a shard, and whether it ends behind them."""
    found = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    answer = kinesis.get_records(ShardIterator=found["ShardIterator"])
    return [each["Data"].decode() for each in answer["Records"]], "NextShardIterator" not in answer


def split(kinesis: Any, stream: str) -> list[str]:
    """Split the first shard in halves; returns all shards."""
    kinesis.split_shard(StreamName=stream, ShardToSplit="shardId-000000000000", NewStartingHashKey=HALF)
    return list(shards_of(kinesis, stream))


def test_a_shard_that_is_split_is_closed_and_stays_readable(cloud: Emulator, bare: Emulator) -> None:
    kinesis, stream = created(cloud)
    put(kinesis, stream, "a", "b")
    parent, *children = split(kinesis, stream)
    assert opened(shards_of(kinesis, stream)) == children
    put(kinesis, stream, *"cdefgh")
    assert read(kinesis, stream, parent) == (["a", "b"], True)
    later = [read(kinesis, stream, child) for child in children]
    assert sorted(text for texts, _ in later for text in texts) == list("cdefgh")
    assert [is_end for _, is_end in later] == [False, False]

    lossy, lost = created(bare)
    put(lossy, lost, "a", "b")
    assert split(lossy, lost) == ["shardId-000000000001", "shardId-000000000002"]  # with "a" and "b" gone


def test_shards_that_are_merged_are_closed_and_stay_readable(cloud: Emulator) -> None:
    kinesis, stream = created(cloud, shards=2)
    put(kinesis, stream, *"abcdef")
    first, second = shards_of(kinesis, stream)
    kinesis.merge_shards(StreamName=stream, ShardToMerge=first, AdjacentShardToMerge=second)
    (child,) = opened(shards_of(kinesis, stream))
    put(kinesis, stream, "g")
    texts = [read(kinesis, stream, shard) for shard in (first, second)]
    assert sorted(text for found, _ in texts for text in found) == list("abcdef")
    assert read(kinesis, stream, child) == (["g"], False)


def test_another_number_of_shards_means_new_shards(cloud: Emulator) -> None:
    kinesis, stream = created(cloud)
    put(kinesis, stream, "a")
    kinesis.update_shard_count(StreamName=stream, TargetShardCount=3, ScalingType="UNIFORM_SCALING")
    parent, *children = shards_of(kinesis, stream)
    assert opened(shards_of(kinesis, stream)) == children
    assert len(children) == 3
    assert read(kinesis, stream, parent) == (["a"], True)


def test_a_mapping_reads_children_after_their_parent(cloud: Emulator) -> None:
    stream = Stream(cloud, Enabled=False)
    stream.put("a", "b")
    split(cloud.client("kinesis"), stream.name)
    stream.put("c")
    cloud.client("lambda").update_event_source_mapping(UUID=stream.mapping["UUID"], Enabled=True)
    assert stream.batches(2) == [["a", "b"], ["c"]]
