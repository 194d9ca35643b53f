"""A lock on an open file that goes with its process, however that ends."""

import sys
from io import FileIO

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 40

    def try_lock(file: FileIO) -> bool:
        """Take the lock unless another process holds it; whether it is ours now. Closing gives it back."""
        file.seek(_FAR)  # what is locked cannot be read either, and the lock begins here
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(0)
        return True

else:
    import fcntl

    def try_lock(file: FileIO) -> bool:
        """Take the lock unless another process holds it; whether it is ours now. Closing gives it back."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
