"""留痕: an append-only, hash-chained ledger of reads and writes. It knows no other package."""
