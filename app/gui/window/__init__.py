"""The window: it holds the panels, their places, menus, dialogs and the presentation."""
