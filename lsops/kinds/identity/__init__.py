"""What an identity provider decides: who logs in by it, and what its groups mean (Enterprise facts 5.7 and 12)."""
