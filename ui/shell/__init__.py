"""The window around the screens: actions, menus, palette and lock."""
