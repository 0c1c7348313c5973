"""ONNX graphs of an exported model: building, quantization, joining and verification."""
