"""宣教工程: lectures, legal vice-principals and the four lesson hours of every school."""
