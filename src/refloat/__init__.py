"""Refloat finds stranded FBA stock, says why, plans the cure, proves it, and prevents the next one."""

__version__ = "0.1.0"
