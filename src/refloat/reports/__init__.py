"""Reading report files: bytes → encoding → header → rows → typed frames.

The fast way (``fast.py``) is for well-formed files; whatever is damaged takes the slower careful way
(``careful.py``). Both give the same frame. Snapshots out of the store go the same road.
"""

from refloat.reports.read import Kept, Reading, read_files, read_kept

__all__ = ["Kept", "Reading", "read_files", "read_kept"]
