"""The demo year: a district-year of office ledgers about made-up people, from one seed.

The files go in through the normal intake, so a demonstration proves the whole chain. All persons
are invented: ids stand on the unassigned area code 459900, phones in the row 199000xxxxx.
"""

from hulei.journeys.demo_year.accounts import DEMO_ACCOUNTS, DemoAccount
from hulei.journeys.demo_year.generator import DemoYear, Story, generate

__all__ = ["DEMO_ACCOUNTS", "DemoAccount", "DemoYear", "Story", "generate"]
