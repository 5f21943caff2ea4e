"""成效: metrics with definition and rows, the leaders' page, and the work report."""
