"""What a command says when the user can put something right."""

from hulei.common.text import Text


class UserMistake(Exception):
    """Shown on standard error without a traceback; exit status 1."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n       {en}")
        self.text = Text(zh, en)
