"""Starts, holds and stops the embedded PostgreSQL, and gives out the ways to reach it.

Start with :func:`hulei.postgres.server.ensure` (a running server), then
:func:`hulei.postgres.connect.admin_url` (how to reach it) and
:func:`hulei.postgres.provision.provision` (database, extensions and roles).
"""
