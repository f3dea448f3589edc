"""The help that comes with the program."""
