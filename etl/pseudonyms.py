"""Turns a child's identifier into a keyed hash. The identifier itself goes no further than this module.

The key is a file outside the data (`pupil_key_file` in settings.toml); whoever has data but not the key
cannot find out, by trying all UPNs, who is who. A lost key means that a child's rows before and after no
longer join: keep a copy of the file where other secrets are kept.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from hnb.errors import HnbError

KEY_BYTES = 32


def pseudonym(identifier: str, key: bytes) -> str:
    """The first 32 hexadecimal digits of HMAC-SHA256; case and spaces of the identifier do not count."""
    plain = "".join(identifier.split()).upper()
    return hmac.digest(key, plain.encode("utf-8"), "sha256").hex()[:32]


def pupil_key(path: Path) -> bytes:
    """The key in a file, made with 32 random bytes that only its owner may read if it is not there.

    Raises HnbError when the file cannot be read or made, or does not hold 32 bytes.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_once(path, secrets.token_bytes(KEY_BYTES))
        key = path.read_bytes()
    except OSError as error:
        raise HnbError(
            f"The key for pupils' identifiers, {path}, can be neither read nor made ({error.strerror}). "
            "Say in settings.toml (pupil_key_file) where it is to be kept."
        ) from error
    if len(key) != KEY_BYTES:
        raise HnbError(
            f"The key for pupils' identifiers, {path}, does not hold {KEY_BYTES} bytes. Restore it from its copy."
        )
    return key


def _write_once(path: Path, key: bytes) -> None:
    """Make the file with the key, unless another build has just made it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
