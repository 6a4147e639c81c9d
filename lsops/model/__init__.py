"""The values that travel between the layers: frozen, without I/O. Each module names what it holds."""
