"""The tables that are written beside the log: each module makes the rows of some, and keeps them up to date."""
