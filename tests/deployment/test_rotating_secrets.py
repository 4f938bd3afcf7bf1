"""Every secret of `.env` is replaced as docs/operations.md says, and nothing that is stored is lost.

Takes a minute, so `make test` leaves it out: `make deployment` runs it.
"""

from __future__ import annotations

import json
import urllib.error
from collections.abc import Iterator

import pytest
from tests.deployment import compose
from tests.deployment import stack as stacks
from tests.deployment.stack import Stack, wait_for
from tests.integration import tiny_company

pytestmark = pytest.mark.skipif(bool(stacks.lacking()), reason=stacks.lacking())


@pytest.fixture
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    root = tmp_path_factory.mktemp("rotating")
    with stacks.running(root, tiny_company.write(root / "company")) as stack:
        yield stack


def start(stack: Stack) -> None:
    """What `docker compose up` starts anew, as far as this test asks it something."""
    stack.stop()
    stack.start("prepare")
    assert stack.processes["prepare"].wait() == 0, stack.log("prepare")
    stack.start("api-server")
    wait_for("api-server", lambda: stack.is_healthy("api-server"), lambda: stack.log("api-server"))


def stored_password(stack: Stack) -> str:
    """The password of the stored connection, empty when the key in `.env` does not open it."""
    file = stack.root / "connections.json"
    file.unlink(missing_ok=True)
    done = stack.call("scheduler", "airflow", "connections", "export", str(file), "--file-format", "json")
    if done.returncode or not file.exists():
        assert "InvalidToken" in done.stderr + done.stdout, done.stderr
        return ""
    return str(json.loads(file.read_text())["crm"]["password"] or "")


def test_every_secret_is_replaced_and_what_is_stored_stays_readable(stack: Stack) -> None:
    old = stack.secrets
    start(stack)
    token = stack.sign_in()
    connection = {"connection_id": "crm", "conn_type": "http", "password": "of the CRM"}
    stack.api("POST", "/api/v2/connections", connection, token)
    assert stack.api("GET", "/api/v2/connections", token=token)["total_entries"] == 1
    assert "of the CRM" not in stack.query("select password from connection where conn_id = 'crm'")

    new = {**compose.secrets_file(stack.root / "company"), "ATTAIN_COMPANY_DIR": old["ATTAIN_COMPANY_DIR"]}
    assert not {name for name in new if name != "ATTAIN_COMPANY_DIR" and new[name] == old[name]}
    stack.query(f"alter role attain password '{new['POSTGRES_PASSWORD']}'")
    both = f"{new['AIRFLOW_FERNET_KEY']},{old['AIRFLOW_FERNET_KEY']}"
    stack.take({**old, "POSTGRES_PASSWORD": new["POSTGRES_PASSWORD"], "AIRFLOW_FERNET_KEY": both})
    done = stack.call("scheduler", "airflow", "rotate-fernet-key")
    assert done.returncode == 0, done.stderr
    stack.take(new)
    start(stack)

    assert stack.sign_in()
    with pytest.raises(urllib.error.HTTPError, match="401"):
        stack.api("POST", "/auth/token", {"username": "admin", "password": old["ATTAIN_ADMIN_PASSWORD"]})
    # Signed in with the old secret of tokens; Airflow calls such a token forbidden.
    with pytest.raises(urllib.error.HTTPError, match="403"):
        stack.api("GET", "/api/v2/connections", token=token)
    assert stored_password(stack) == "of the CRM"
    stack.take({**new, "AIRFLOW_FERNET_KEY": old["AIRFLOW_FERNET_KEY"]})
    assert stored_password(stack) == ""
