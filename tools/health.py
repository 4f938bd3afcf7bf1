"""Health check of a container: `health.py scheduler` ends with 0 when Airflow calls that part of itself healthy.

Asked is the API server, which reads heartbeats from the database. `airflow jobs check` says the same, but imports all
of Airflow each time: with three containers about a fifth of a small machine.
"""

import json
import os
import sys
import urllib.request

PARTS = ("metadatabase", "scheduler", "dag_processor", "triggerer")


def main() -> int:
    """0 healthy, 1 not or not reachable, 2 asked for a part that does not exist."""
    if len(sys.argv) != 2 or sys.argv[1] not in PARTS:
        print(f"usage: health.py {'|'.join(PARTS)}", file=sys.stderr)
        return 2
    server = os.environ["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"].removesuffix("/").removesuffix("/execution")
    try:
        with urllib.request.urlopen(f"{server}/api/v2/monitor/health", timeout=10) as answer:
            part = json.load(answer)[sys.argv[1]]
    except (OSError, ValueError, KeyError) as error:
        print(f"{server} does not answer: {error}", file=sys.stderr)
        return 1
    beat = next((text for name, text in part.items() if name.startswith("latest_")), "")
    print(f"{sys.argv[1]}: {part['status']} {beat or ''}".rstrip())
    return 0 if part["status"] == "healthy" else 1


if __name__ == "__main__":
    sys.exit(main())
