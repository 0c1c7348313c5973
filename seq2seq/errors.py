"""The errors a user meets: one sentence each, saying what was received, what is allowed and
what to change. Anything else that escapes is a defect of ours."""


class UserError(Exception):
    """Something the user can put right. Ends a command with one line and `exit_status`."""

    exit_status = 1


class SettingsError(UserError):
    """A setting or an option is unknown or cannot be (exit status 2)."""

    exit_status = 2


class DataError(UserError):
    """A corpus file is missing, unreadable or holds what cannot be used."""


class ArtefactError(UserError):
    """A run, checkpoint or exported model is missing, damaged or of another version."""


class TrainingError(UserError):
    """Training cannot start or go on."""


class StorageError(UserError):
    """A URL of runs or corpora cannot be reached, read or written."""


class JobError(UserError):
    """A job server cannot be reached or refuses, or a job has failed."""


class ConversionError(UserError):
    """A Keras model cannot be read, or cannot be made to take any length."""
