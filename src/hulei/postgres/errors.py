"""What can go wrong with the database, said in both languages."""

from __future__ import annotations


class DatabaseTrouble(RuntimeError):
    """The database cannot be used; ``zh`` and ``en`` say why and what to do about it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en
