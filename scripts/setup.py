"""Set up Hulei in this folder: ``python3 scripts/setup.py`` (or ``make setup``).

This file keeps to words that old Pythons know, so that they can say that they are too old.
"""

import os
import sys

NEEDED = (3, 11)


def main() -> int:
    """Check this Python, then run the steps."""
    if sys.version_info < NEEDED:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.stderr.write(  # no f-string: the Pythons that get here may not know them
            "需要 Python 3.11 以上,当前为 {0}。请安装后运行:make setup PYTHON=/路径/python3.11\n"
            "Python 3.11 or later is needed, this is {0}. "
            "Install one and run: make setup PYTHON=/path/to/python3.11\n".format(found)
        )
        return 1
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    import setup_steps

    return setup_steps.run()


if __name__ == "__main__":
    sys.exit(main())
