"""The pages of taking a ledger in: upload, preview, progress, result."""
