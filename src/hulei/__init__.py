"""Hulei (护蕾): one system for those who protect a district's minors."""
