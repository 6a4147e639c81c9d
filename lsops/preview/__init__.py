"""Pictures of the labelling interface, drawn offline by Label Studio's own editor."""
