"""A case: its state, how events change it, what may be done, and what is due."""
