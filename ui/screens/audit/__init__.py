"""The audit page: history of everything, verification, checkpoints."""
