"""Evidence for the problems section of an education bureau's yearly work summary."""

__version__ = "0.1.0"
