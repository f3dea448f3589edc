"""What each screen shows and does next, with no widgets."""
