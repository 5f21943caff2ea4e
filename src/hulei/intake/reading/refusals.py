"""Why a whole file is refused, in words that say what to do."""

from __future__ import annotations

from hulei.common.text import Text

MESSAGES: dict[str, Text] = {
    "file_encrypted": Text(
        "文件设有打开密码,无法读取。请在 Excel 或 WPS 中取消密码后另存,再上传。",
        "The file is protected by a password. Remove the password in Excel or WPS, save it and upload again.",
    ),
    "file_broken": Text(
        "文件已损坏或不完整({detail})。请重新下载或用 Excel、WPS 打开后另存为 .xlsx,再上传。",
        "The file is broken or incomplete ({detail_en}). Fetch it again, or open and save it as .xlsx.",
    ),
    "file_kind_unknown": Text(
        "这不是可读取的表格文件({detail})。请上传 xlsx、xls、ods 或 csv;"
        "其他格式请用 Excel 或 WPS 打开后另存为 .xlsx。",
        "This is not a sheet that can be read ({detail_en}). Upload xlsx, xls, ods or csv; "
        "open other kinds in Excel or WPS and save them as .xlsx.",
    ),
    "file_too_large": Text(
        "文件太大({detail})。请按年度或单位拆成几份后分别上传。",
        "The file is too large ({detail_en}). Split it by year or unit and upload the parts.",
    ),
    "file_bomb": Text(
        "文件展开后异常庞大或含有外部引用({detail}),已拒绝读取。请把表格内容复制到新建的工作簿后再上传。",
        "The file unpacks to an abnormal size or refers outside itself ({detail_en}). "
        "Copy the cells into a new workbook and upload that.",
    ),
    "file_empty": Text(
        "文件里没有内容。请检查是否选错了文件。",
        "The file holds nothing. Check whether the right file was chosen.",
    ),
    "ledger_unknown": Text(
        "认不出这是哪一种台账({detail})。请在预览页手工对应各列,系统会记住。",
        "No known ledger fits ({detail_en}). Map the columns by hand once; the mapping is remembered.",
    ),
    "encoding_unknown": Text(
        "无法识别文件的文字编码。请用 Excel 或 WPS 打开后另存为 .xlsx 或“CSV UTF-8”,再上传。",
        "The text encoding cannot be told. Open the file in Excel or WPS and save it as .xlsx or CSV UTF-8.",
    ),
}


class FileRefused(Exception):
    """A file that cannot be read at all. ``code`` is stable; the messages are for people."""

    def __init__(self, code: str, detail: str = "", detail_en: str = "") -> None:
        text = MESSAGES[code].fill(detail=detail or "—", detail_en=detail_en or detail or "-")
        super().__init__(f"{code}: {text.en}")
        self.code = code
        self.text = text

    @property
    def message(self) -> str:
        """The reason in Chinese."""
        return self.text.zh

    @property
    def message_en(self) -> str:
        """The reason in English."""
        return self.text.en


def broken(detail: str, detail_en: str) -> FileRefused:
    """Shorthand for the most frequent refusal."""
    return FileRefused("file_broken", detail, detail_en)
