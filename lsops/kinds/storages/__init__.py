"""Cloud storages: what projects import from and export to."""
