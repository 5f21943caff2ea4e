"""What every package may use: a closed list of small parts without any chapter's knowledge."""
