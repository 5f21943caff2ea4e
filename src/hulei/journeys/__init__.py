"""Stories that cross chapters, one file each, and the wiring between packages."""
