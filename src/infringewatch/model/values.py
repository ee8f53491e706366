"""The one loose type of the records: what JSON can say."""

from typing import Any

JSON = Any  # a value that json.dumps takes
