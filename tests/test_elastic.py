from __future__ import annotations

import subprocess
import sys

import pytest

from infringewatch.elastic import Elastic
from infringewatch.errors import InputError, ServiceUnavailable
from tests.services.ports import free_ports


def test_the_client_is_not_loaded_with_the_door() -> None:
    code = "import infringewatch.search, sys; sys.exit('elasticsearch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_name_and_password_stand_in_no_message() -> None:
    (port,) = free_ports(1)
    elastic = Elastic(f"http://mei:secret@127.0.0.1:{port}")
    with pytest.raises(ServiceUnavailable) as caught:
        elastic.indices_behind("hits")
    assert "secret" not in str(caught.value)
    assert elastic.address == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("url", ["nonsense", "http://", "http://host-without-port"])
def test_an_address_that_is_none_is_said_so(url: str) -> None:
    with pytest.raises(InputError, match="ELASTICSEARCH_URL"):
        Elastic(url).indices_behind("hits")


def test_nothing_is_sent_for_an_empty_batch() -> None:
    assert Elastic("http://127.0.0.1:1").bulk("hits", []).written == 0
