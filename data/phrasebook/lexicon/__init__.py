"""The lexicon: every inflected form the phrasebook may print."""
