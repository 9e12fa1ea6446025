"""``python -m analysis`` is ``policy-report``."""

import sys

from analysis.cli import main

sys.exit(main())
