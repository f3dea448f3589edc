"""A security release: its state, how events change it, and what may be done."""
