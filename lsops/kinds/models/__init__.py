"""Language models: connections to their providers, prompts, and versions of these (Enterprise facts 8.1, 8.2)."""
