"""A demonstration on one's own machine: made-up people, printed passwords, plain http."""

from hulei.config.settings.base import *  # noqa: F403

HULEI_DEMO = True
HULEI_TODAY = "2023-12-29"
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
HULEI_IDLE_SECONDS = 8 * 3600
