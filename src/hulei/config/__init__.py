"""Settings of each environment, the address table and the WSGI entry; no logic of the chapters."""
