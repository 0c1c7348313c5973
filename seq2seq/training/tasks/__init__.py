"""Tasks: model, loss, validation, evaluation and export of each kind of target."""
