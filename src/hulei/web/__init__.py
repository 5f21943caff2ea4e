"""The page shell, navigation, the pages of declared records and the assembly of the REST interface."""
