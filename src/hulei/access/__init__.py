"""Accounts, roles, scopes and purposes; the row-level security under every query."""
