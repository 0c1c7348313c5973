"""Text as the model sees it: lines, sentences, and pieces of them. No TensorFlow here."""
