"""The index: a pure description of verified acts and of what adults owe; it predicts nothing.

``exchange.parse_line`` makes a :class:`facts.Child`, ``rulebook.load`` the rules, ``scoring.read`` the
reading, ``explaining.explain`` why each fact counts or does not. Integers only; no database, no clock.
"""
