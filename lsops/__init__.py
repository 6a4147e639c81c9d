"""Label Studio as code: load a manifest, plan it against a server, apply the plan."""

__version__ = "0.1.0"
