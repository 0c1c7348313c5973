"""Entry point of `python -m seq2seq`, the same as the command `seq2seq`."""

import sys

from seq2seq.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
