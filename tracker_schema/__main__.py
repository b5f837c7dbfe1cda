"""Print the tracker's sheets and columns as Frictionless Table Schema JSON: `python -m tracker_schema`."""

import json

from tracker_schema.columns.table_schema import table_schema

print(json.dumps(table_schema(), indent=2))
