"""Places: areas, grids and police grids, agencies and stations, schools. No personal data beyond office contacts."""
