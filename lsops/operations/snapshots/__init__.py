"""Export snapshots: those that recipes of the manifest describe, and single ones."""
