"""The sheets and columns for other tools, as Frictionless Table Schemas."""

from __future__ import annotations

from typing import Any

from tracker_schema.columns.schema import INCIDENTS, Sheet, tracker_schema


def table_schema() -> dict[str, Any]:
    """Return the sheets as Frictionless Table Schemas: {"resources": [{"name", "schema"}, …]}."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "critical-incident-tracker",
        "resources": [
            {"name": sheet.id, "title": sheet.heading, "schema": _table_schema(sheet)}
            for sheet in tracker_schema().sheet
        ],
    }


def _table_schema(sheet: Sheet) -> dict[str, Any]:
    kinds = {"text": "string", "choice": "string", "date": "date", "number": "integer"}
    fields = []
    for column in sheet.column:
        limits = {"required": column.required, "unique": column.unique, "enum": list(column.choices)}
        field = {"name": column.id, "title": column.heading, "type": kinds[column.type], "description": column.about}
        constraints = {key: value for key, value in limits.items() if value}
        fields.append(field | ({"constraints": constraints} if constraints else {}))
    schema: dict[str, Any] = {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": fields}
    if "reference" in sheet.columns and sheet.id != INCIDENTS:
        reference = {"resource": INCIDENTS, "fields": ["reference"]}
        schema["foreignKeys"] = [{"fields": ["reference"], "reference": reference}]
    return schema
