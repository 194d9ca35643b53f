"""The JSON Schema of session files, for those who read them with other programs.

``python -m app.storage.schema`` writes it anew; a test holds the file to the types.
"""

from pathlib import Path

import msgspec

from app.core.session import SCHEMA_VERSION, Session

FILE = Path(__file__).parents[2] / "resources" / "session.schema.json"


def session_schema() -> bytes:
    """JSON Schema 2020-12, with the types' own documentation as descriptions."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Kernelscope session, schema version {SCHEMA_VERSION}",
        **msgspec.json.schema(Session),
    }
    return msgspec.json.format(msgspec.json.encode(schema, order="deterministic"), indent=1) + b"\n"


if __name__ == "__main__":
    FILE.write_bytes(session_schema())
