"""Webhooks of projects and of the organisation."""
