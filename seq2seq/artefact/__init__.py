"""The exported model: what is in its directory, how it is written and how it is read."""
