"""The use cases, one module per activity and one method per thing that a person can do."""
