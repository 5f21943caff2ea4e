"""触法预防: police calls, clues, the registers of minors, one dossier per child, cases and visits."""
