"""The token that a Ray cluster asks for, found where Ray itself looks for it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from seq2seq.errors import SettingsError


def read_token() -> str | None:
    """`RAY_AUTH_TOKEN`, else the file `RAY_AUTH_TOKEN_PATH`, else `~/.ray/auth_token`, else None.

    Never taken from the command line, which other users of the machine can read.

    Raises:
        SettingsError: the file cannot be read, or what is there cannot be a token.
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
