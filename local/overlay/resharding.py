"""Shards that are split or merged are closed, and stay readable: MiniStack deletes them with all records in them."""

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

from overlay.settings import Settings

NEEDS = {
    "ministack.services.kinesis": (
        "_resolve_stream",
        "_route_to_shard",
        "_shard_out",
        "_shard_iterators",
        "_streams",
        "_get_records",
        "_split_shard",
        "_merge_shards",
        "_update_shard_count",
        "_next_sequence_number",
    ),
}

CLOSED_AT = "ending_sequence_number"

Request = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
Operation = Callable[[Request], Answer]
Shards = dict[str, dict[str, Any]]


def install(_settings: Settings) -> None:
    """Keep what resharding takes away, route past it, and tell readers where it ends."""
    from ministack.services import kinesis

    kinesis._split_shard = keep_parents(kinesis._split_shard)
    kinesis._merge_shards = keep_parents(kinesis._merge_shards)
    kinesis._update_shard_count = keep_parents(renumber(kinesis._update_shard_count))
    kinesis._route_to_shard = route_to_open(kinesis._route_to_shard)
    kinesis._shard_out = tell_end(kinesis._shard_out)
    kinesis._get_records = end_iterator(kinesis._get_records)


def is_closed(shard: Mapping[str, Any]) -> bool:
    """Whether a shard takes no more records."""
    return CLOSED_AT in shard


def keep_parents(reshard: Operation) -> Operation:
    """Put the shards back that the operation deleted, closed."""

    @functools.wraps(reshard)
    def resharded(data: Request) -> Answer:
        from ministack.services import kinesis

        _, stream = kinesis._resolve_stream(data)
        before: Shards = dict(stream["shards"]) if stream else {}
        if any(is_closed(before.get(str(data.get(name)), {})) for name in ("ShardToSplit", "ShardToMerge")):
            body = {"__type": "InvalidArgumentException", "message": "the shard is closed already"}
            return 400, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(body).encode()
        answer = reshard(data)
        if stream:
            for name, shard in before.items():
                if name not in stream["shards"]:
                    shard.setdefault(CLOSED_AT, kinesis._next_sequence_number())
                    stream["shards"][name] = shard
        return answer

    return resharded


def renumber(update: Operation) -> Operation:
    """A new number of shards means new shards, whose names no shard had before."""

    @functools.wraps(update)
    def updated(data: Request) -> Answer:
        from ministack.services import kinesis

        _, stream = kinesis._resolve_stream(data)
        before: Shards = dict(stream["shards"]) if stream else {}
        answer = update(data)
        if stream and answer[0] == 200:
            first = 1 + max(int(name.split("-")[1]) for name in before)
            shards = [shard | {"parent_shard_id": parent_of(shard, before)} for shard in stream["shards"].values()]
            stream["shards"] = {f"shardId-{first + at:012d}": shard for at, shard in enumerate(shards)}
        return answer

    return updated


def parent_of(shard: Mapping[str, Any], before: Shards) -> str | None:
    """The open shard that took the first of a new shard's keys until now."""
    first = int(shard["starting_hash_key"])
    covering = (
        name
        for name, each in before.items()
        if not is_closed(each) and int(each["starting_hash_key"]) <= first <= int(each["ending_hash_key"])
    )
    return next(covering, None)


def route_to_open(route: Callable[[int, Any], str]) -> Callable[[int, Any], str]:
    """A closed shard covers its keys no longer."""

    @functools.wraps(route)
    def routed(key: int, stream: Any) -> str:
        opened = {name: shard for name, shard in stream["shards"].items() if not is_closed(shard)}
        return route(key, {**stream, "shards": opened})

    return routed


def tell_end(describe: Callable[[str, Any], dict[str, Any]]) -> Callable[[str, Any], dict[str, Any]]:
    """A closed shard has a last sequence number."""

    @functools.wraps(describe)
    def described(name: str, shard: Any) -> dict[str, Any]:
        found = describe(name, shard)
        if is_closed(shard):
            found["SequenceNumberRange"]["EndingSequenceNumber"] = shard[CLOSED_AT]
        return found

    return described


def end_iterator(get: Operation) -> Operation:
    """Behind the last record of a closed shard there is no next iterator."""

    @functools.wraps(get)
    def got(data: Request) -> Answer:
        from ministack.services import kinesis

        status, headers, body = get(data)
        found = json.loads(body)
        state = kinesis._shard_iterators.get(found.get("NextShardIterator"))
        shard = kinesis._streams[state["stream"]]["shards"].get(state["shard_id"]) if state else None
        if shard and is_closed(shard) and state["position"] >= len(shard["records"]):
            del found["NextShardIterator"]
            return status, headers, json.dumps(found).encode()
        return status, headers, body

    return got
