"""Minors, their guardians and their enrolment: who a child is and where the child belongs."""
