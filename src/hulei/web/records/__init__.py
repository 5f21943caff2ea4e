"""One skeleton for every kind of record: list, detail, form, export."""
