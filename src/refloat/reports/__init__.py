"""Reading report files: bytes → encoding → header → rows → typed frames.

The fast way (``fast.py``) is for well-formed files; whatever is damaged takes the slower careful way
(``careful.py``). Both give the same frame.
"""

from refloat.reports.read import Reading, read_files

__all__ = ["Reading", "read_files"]
