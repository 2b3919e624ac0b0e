from __future__ import annotations

from afterscore.config.cli import main

main()
