"""Errors for the user: one sentence with what was received, what is allowed and what to change.

Any other exception that reaches the user is a bug of seq2seq.
"""


class UserError(Exception):
    """Error that the user can correct; it ends a command with one line and `exit_status`."""

    exit_status = 1


class SettingsError(UserError):
    """Unknown or impossible setting or option (exit status 2)."""

    exit_status = 2


class DataError(UserError):
    """Corpus file that is missing, unreadable or holds unusable content."""


class ArtefactError(UserError):
    """Run, checkpoint or exported model that is missing, damaged or of another version."""


class TrainingError(UserError):
    """Training that cannot start or continue."""


class StorageError(UserError):
    """URL of runs or corpora that cannot be reached, read or written."""


class JobError(UserError):
    """Job server that cannot be reached or refuses, or job that has failed."""


class ConversionError(UserError):
    """Keras model that cannot be read, or cannot be converted to any length."""
