"""The table of all cases, the form of a new one, and what an import brought."""
