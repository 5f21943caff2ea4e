"""The shared texts of a workbook, kept in bounded memory.

An xlsx stores each distinct text once, in a table as long as the file is large. The first ones
stay in memory; later ones go in blocks to a nameless temporary file, encrypted under a key that
lives only as long as the shelf, for they are children's names and addresses.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from bisect import bisect_right
from collections import OrderedDict

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FIRST_TEXTS = 20_000
FIRST_CHARS = 2_000_000
BLOCK_TEXTS = 64
BLOCK_CHARS = 65_536
CACHED_BLOCKS = 64
# XML forbids this character, so no text can hold it.
SEPARATOR = "\x00"


class TextShelf:
    """Append texts in order, then fetch them by number. Not safe for several threads."""

    def __init__(self) -> None:
        # open to the reader of rows, which looks here before it asks
        self.first: list[str] = []
        self._room = FIRST_CHARS
        self._waiting: list[str] = []
        self._waiting_chars = 0
        self._count = 0
        self._starts = array("L")
        self._offsets = array("Q", [0])
        self._cache: OrderedDict[int, list[str]] = OrderedDict()
        self._cipher: AESGCM | None = None
        self._file = -1

    def __len__(self) -> int:
        return self._count

    def append(self, text: str) -> None:
        """Add the next text."""
        self._count += 1
        if not self._starts and not self._waiting and len(self.first) < FIRST_TEXTS and self._room > 0:
            self.first.append(text)
            self._room -= len(text)
            return
        self._waiting.append(text)
        self._waiting_chars += len(text)
        if len(self._waiting) >= BLOCK_TEXTS or self._waiting_chars >= BLOCK_CHARS:
            self._put_block()

    def get(self, number: int) -> str:
        """The text with that number. Raises IndexError for one that was never added."""
        if 0 <= number < len(self.first):
            return self.first[number]
        if not 0 <= number < self._count:
            raise IndexError(number)
        if self._waiting:
            self._put_block()
        block = bisect_right(self._starts, number) - 1
        return self._block(block)[number - self._starts[block]]

    def close(self) -> None:
        """Forget everything; the temporary file vanishes with its last handle."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        self._cipher = None
        self._cache.clear()
        self.first.clear()

    def _put_block(self) -> None:
        if self._cipher is None:
            self._cipher = AESGCM(AESGCM.generate_key(bit_length=128))
            with tempfile.TemporaryFile(prefix="hulei-") as file:
                self._file = os.dup(file.fileno())
        sealed = self._cipher.encrypt(
            self._nonce(len(self._starts)),
            SEPARATOR.join(self._waiting).encode("utf-8", "surrogatepass"),
            None,
        )
        os.pwrite(self._file, sealed, self._offsets[-1])
        self._starts.append(self._count - len(self._waiting))
        self._offsets.append(self._offsets[-1] + len(sealed))
        self._waiting = []
        self._waiting_chars = 0

    def _block(self, block: int) -> list[str]:
        texts = self._cache.get(block)
        if texts is not None:
            self._cache.move_to_end(block)
            return texts
        assert self._cipher is not None
        begin, end = self._offsets[block], self._offsets[block + 1]
        plain = self._cipher.decrypt(self._nonce(block), os.pread(self._file, end - begin, begin), None)
        texts = plain.decode("utf-8", "surrogatepass").split(SEPARATOR)
        self._cache[block] = texts
        if len(self._cache) > CACHED_BLOCKS:
            self._cache.popitem(last=False)
        return texts

    @staticmethod
    def _nonce(block: int) -> bytes:
        """The key serves this shelf only, and each block is written once: its number never repeats."""
        return block.to_bytes(12, "big")
