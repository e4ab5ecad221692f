"""A key of the installation: 32 random bytes in a file outside the data that only its owner may read.

It is made when it is first asked for. What a key is for is its caller's affair.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from hnb.errors import HnbError

KEY_BYTES = 32


def key_in(path: Path, what: str, setting: str) -> bytes:
    """The key in a file, made if the file is not there.

    `what` names the key and `setting` the choice that says where it is, for the sentence. Raises HnbError when the
    file cannot be read or made, or does not hold 32 bytes.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_once(path, secrets.token_bytes(KEY_BYTES))
        key = path.read_bytes()
    except OSError as error:
        raise HnbError(
            f"{what}, {path}, can be neither read nor made ({error.strerror}). "
            f"Say in settings.toml ({setting}) where it is to be kept."
        ) from error
    if len(key) != KEY_BYTES:
        raise HnbError(f"{what}, {path}, does not hold {KEY_BYTES} bytes. Restore it from its copy.")
    return key


def _write_once(path: Path, key: bytes) -> None:
    """Make the file with the key, unless another process has just made it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
