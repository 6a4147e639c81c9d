"""Drawing an organisation: resources become a graph. Pure; no kind is known, only what its schema says."""
