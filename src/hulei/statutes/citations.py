"""References as lawyers write them: PJD.31.1.2 is 《预防未成年人犯罪法》第三十一条第一款第（二）项. Pure."""

from __future__ import annotations

from hulei.common.text import Text
from hulei.statutes.catalogue import Article, load

_DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """A Chinese numeral from 1 to 999: 10 is 十, 101 is 一百零一, 286 is 二百八十六."""
    if not 1 <= number <= 999:
        raise ValueError(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def cite(ref: str) -> Text:
    """A reference in full. Unknown references raise KeyError: nobody cites what is not there."""
    article = load().articles[ref][-1]
    return Text(
        f"《{article.law.short_name}》{_place(article)}", f"{article.law.name_en}, {_place_en(article)}"
    )


def _place(article: Article) -> str:
    if not isinstance(article.article, int):
        return article.title
    place = f"第{numeral(article.article)}条"
    if article.paragraph:
        place += f"第{numeral(article.paragraph)}款"
    if article.item:
        place += f"第（{numeral(article.item)}）项"
    return place


def _place_en(article: Article) -> str:
    if not isinstance(article.article, int):
        return article.ref.partition(".")[2]
    place = f"Art. {article.article}"
    place += f"({article.paragraph})" if article.paragraph else ""
    return place + (f" item {article.item}" if article.item else "")
