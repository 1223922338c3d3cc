"""Keys as `lib/landing/hmac.ts` takes them."""

_MIN_KEY = 32


def key_bytes(key: str, name: str) -> bytes:
    """The bytes of a key. A short one could be guessed, and with it all that was made with it."""
    if len(key) < _MIN_KEY:
        raise ValueError(f"the {name} has {len(key)} characters; allowed are {_MIN_KEY} or more")
    return key.encode()
