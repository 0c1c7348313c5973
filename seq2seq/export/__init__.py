"""The exported model: the contents of its directory, and how it is written and read."""
