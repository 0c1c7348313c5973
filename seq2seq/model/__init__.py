"""The networks: embedding, encoder, attention, decoder, and the translation model they make."""
