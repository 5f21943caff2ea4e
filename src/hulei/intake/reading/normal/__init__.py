"""From what a cell shows to what it means. Pure functions, one subject a module."""
