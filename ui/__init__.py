"""The face: Qt widgets, and nothing that could be decided without them."""
