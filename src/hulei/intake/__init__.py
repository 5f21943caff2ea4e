"""Ledgers come in: uploads, column templates, staged rows, what was taken and what was handed back."""
