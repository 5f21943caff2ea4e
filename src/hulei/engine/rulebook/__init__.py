"""The rules of the index as dated data with their legal basis, and what reads them.

``behaviour.yaml``, ``need.yaml`` and ``parameters.yaml`` hold every number. Law and numbers change by
adding a dated value, never by editing code.
"""

from hulei.engine.rulebook.loader import Broken, load, read
from hulei.engine.rulebook.records import Dated, Edition, Parameter, Rule, Rulebook, RuleEntry

__all__ = ["Broken", "Dated", "Edition", "Parameter", "Rule", "RuleEntry", "Rulebook", "load", "read"]
