"""校园防护: hazards, equipment, drills, guard posts and parents' concerns."""
