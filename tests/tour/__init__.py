"""Pictures of every page, taken from the real window on a store with made-up cases."""
