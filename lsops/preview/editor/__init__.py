"""Label Studio's own editor: where it is taken from, and which files of it draw a label config."""
