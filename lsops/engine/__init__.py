"""Read, diff, plan, apply. The engine knows no kind: what varies comes from `lsops.kinds` and the schemas."""
