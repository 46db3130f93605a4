#!/usr/bin/env python3
"""Holds the dashboard and the alerts in docs/operations.md against the metrics that the bot has."""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"\btheticketbot_\w+")

source = (ROOT / "crates/theticketbot/src/metrics.rs").read_text(encoding="utf-8")
# The test in there shows every sample.
shown = re.search(r"expect!\[\[r#\"(.*?)\"#\]\]", source, re.S)
known = set(NAME.findall(shown[1]))
known |= {name.replace("_count", "_bucket") for name in known if name.endswith("_count")}

dashboard = json.loads((ROOT / "deploy/grafana-dashboard.json").read_text(encoding="utf-8"))
queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
if len(queries) < 8:
    sys.exit("dashboard: there are hardly any queries in it")
pages = {
    "deploy/grafana-dashboard.json": " ".join(queries),
    "docs/operations.md": (ROOT / "docs/operations.md").read_text(encoding="utf-8"),
}
for page, text in pages.items():
    if unknown := {name for name in NAME.findall(text)} - known:
        sys.exit(f"dashboard: {page} uses metrics that the bot does not have: {', '.join(sorted(unknown))}")
