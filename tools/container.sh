#!/bin/sh
# Entry of the container image: the environment of `attain.environment`, then the command.
#
#   container.sh prepare     metadata database, and the sign-in of the user `admin`
#   container.sh COMMAND ... anything else
set -eu

# A deployment's own settings (its database, say) stand; telemetry is off whatever it says.
eval "$(python -m attain.environment)"

if [ "${1:-}" = prepare ]; then
    : "${ATTAIN_ADMIN_PASSWORD:?set ATTAIN_ADMIN_PASSWORD in .env}"
    airflow db migrate
    umask 077
    python - "$AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE" <<'PYTHON'
import json
import os
import pathlib
import sys

pathlib.Path(sys.argv[1]).write_text(json.dumps({"admin": os.environ["ATTAIN_ADMIN_PASSWORD"]}) + "\n")
PYTHON
    exit 0
fi
exec "$@"
