"""Whole stories, through the window and through the command line."""
