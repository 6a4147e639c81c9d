"""The forms of a graph, a module each: Mermaid, DOT, and SVG, which graphviz makes of DOT."""
