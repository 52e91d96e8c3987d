"""Reads policies, one JSON text a line, and prints what parliament finds in each, as a list of JSON a line."""
import json
import sys

import parliament

for line in sys.stdin:
    analyzed = parliament.analyze_policy_string(line)
    print(json.dumps(sorted({f"{finding.issue}: {finding.detail}" for finding in analyzed.findings})), flush=True)
