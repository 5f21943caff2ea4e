"""Reads ledgers of any spelling into rows and findings; knows neither Django nor a database."""
