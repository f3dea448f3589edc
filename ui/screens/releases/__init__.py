"""The list of releases and the plan of a new one."""
