"""Authentication token of a Ray cluster, read from the same sources that Ray itself uses."""

from __future__ import annotations

import os
import re
from pathlib import Path

from seq2seq.errors import SettingsError


def read_token() -> str | None:
    """Return the token of the cluster, or None if there is none.

    It is `RAY_AUTH_TOKEN`, else in the file `RAY_AUTH_TOKEN_PATH`, else in `~/.ray/auth_token`. It
    is never read from the command line, which other users of the machine can see.

    Raises:
        SettingsError: the file cannot be read, or its content is not a valid token.
    """
    place, token = "RAY_AUTH_TOKEN", os.environ.get("RAY_AUTH_TOKEN", "")
    if not token:
        named = os.environ.get("RAY_AUTH_TOKEN_PATH")
        path = Path(named) if named else Path.home() / ".ray" / "auth_token"
        place = str(path)
        if not named and not path.exists():
            return None
        try:
            token = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"the token in {path} cannot be read ({getattr(error, 'strerror', error)}); set "
                "RAY_AUTH_TOKEN_PATH to the file that holds it."
            ) from error
    token = token.strip()
    if re.fullmatch(r"[!-~]+", token) is None:
        raise SettingsError(f"{place} holds no token; it is one word of printable ASCII.")
    return token
