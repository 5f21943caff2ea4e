"""The commands, a file per subject; each is loaded only when it is called."""
