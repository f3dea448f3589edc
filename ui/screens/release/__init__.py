"""The release page: cases, lines, run sheet of the day, and every text that leaves with it."""
