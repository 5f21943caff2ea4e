"""Same child? Which source row belongs to which minor, since when and why; every step can be undone."""
