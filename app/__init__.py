"""The application without a face: everything Holdfast knows and does, with no Qt anywhere below."""
