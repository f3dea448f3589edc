"""The case page: head, tabs, process panel, and the forms of everything that can be done to a case."""
