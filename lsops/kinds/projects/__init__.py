"""Projects, with what a change of one does to its tasks, labels and model version."""
