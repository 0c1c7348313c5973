"""Errors for the user: one sentence with what was received, what is allowed and what to change.

Any other exception that reaches the user is a bug of seq2seq.
"""


class UserError(Exception):
    """Error that the user can correct; it ends a command with one line and `exit_status`."""

    exit_status = 1


class SettingsError(UserError):
    """Error for an unknown or impossible setting or option (exit status 2)."""

    exit_status = 2


class DataError(UserError):
    """Error for a corpus file that is missing, unreadable or holds unusable content."""


class ModelError(UserError):
    """Error for a missing, damaged or incompatible run, checkpoint or exported model."""


class TrainingError(UserError):
    """Error for a training that cannot start or continue."""


class StorageError(UserError):
    """Error for a URL of runs or corpora that cannot be reached, read or written."""


class JobError(UserError):
    """Error for a job server that cannot be reached or refuses a request, or for a failed job."""


class ConversionError(UserError):
    """Error for a Keras model that cannot be read, or cannot be converted to accept any length."""
