"""Inference with trained models: translation, prediction, scoring, streams and evaluation."""
