"""The command line: one module per verb; the only place that prints, reads the environment or exits."""
