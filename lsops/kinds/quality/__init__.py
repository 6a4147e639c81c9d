"""What agreement means in a project, and which tasks are reviewed for it (Enterprise facts 7.5-7.7)."""
