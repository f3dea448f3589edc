"""What every screen needs exactly once: jobs, dialogs, names, icons, theme, dates and clipboard."""
