"""Neural networks: embedding, encoder, attention, decoder, and the models made of them."""
