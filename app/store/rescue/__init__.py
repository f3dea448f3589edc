"""Saving what a damaged store still tells: read page by page, told again in a new one."""
