"""成效 on pages: the leaders' page, one figure down to its rows, the printed report, and REST."""
