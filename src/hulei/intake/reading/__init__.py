"""Reading ledgers: files in, rows and findings out. No database and no Django.

The way through: :func:`~hulei.intake.reading.workbook.open_workbook` -> ``sheet.head()`` ->
:func:`~hulei.intake.reading.recognition.recognise` -> :func:`~hulei.intake.reading.rows.read_ledger`
-> :func:`~hulei.intake.reading.handback.hand_back` for what was refused.
"""
