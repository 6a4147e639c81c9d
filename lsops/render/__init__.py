"""Values to strings. Everything from a server or a manifest is untrusted text and passes through `safe`."""
