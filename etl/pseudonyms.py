"""Turns a child's identifier into a keyed hash. The identifier itself goes no further than this module.

The key is a file outside the data (`pupil_key_file` in settings.toml); whoever has data but not the key
cannot find out, by trying all UPNs, who is who. A lost key means that a child's rows before and after no
longer join: keep a copy of the file where other secrets are kept.
"""

from __future__ import annotations

import hmac
from pathlib import Path

from hnb.key_file import key_in


def pseudonym(identifier: str, key: bytes) -> str:
    """The first 32 hexadecimal digits of HMAC-SHA256; case and spaces of the identifier do not count."""
    plain = "".join(identifier.split()).upper()
    return hmac.digest(key, plain.encode("utf-8"), "sha256").hex()[:32]


def pupil_key(path: Path) -> bytes:
    """The key in a file, made with 32 random bytes that only its owner may read if it is not there.

    Raises HnbError when the file cannot be read or made, or does not hold 32 bytes.
    """
    return key_in(path, "The key for pupils' identifiers", "pupil_key_file")
