"""Permissions of an organisation, and who would lose what by them."""
