"""Places: areas, grids and police grids, agencies and stations, schools. Office contacts at most."""
