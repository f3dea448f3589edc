"""The tests, in the shape of the house that they test."""
