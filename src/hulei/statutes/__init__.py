"""Statutes: articles by reference and date, who may decide which measure, duty clocks. Law as data."""
