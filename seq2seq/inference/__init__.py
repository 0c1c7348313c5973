"""Using a trained model: search, scoring, the artefact it is kept in, and text in and out."""
