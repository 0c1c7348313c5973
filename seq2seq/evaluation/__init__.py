"""Quality measures of a trained model on data with known targets, and reports of them."""
