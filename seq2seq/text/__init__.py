"""Text processing without TensorFlow: lines, sentences, words and tokens."""
