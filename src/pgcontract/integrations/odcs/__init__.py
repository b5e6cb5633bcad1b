"""The Open Data Contract Standard, version 3: suites are written as its documents, and its documents read as suites.

```python
from pgcontract import Suite
from pgcontract.integrations import odcs

text = odcs.dumps(Suite.load("contract.yaml"))
imported = odcs.loads(text)
imported.suite      # the same expectations
imported.unchecked  # what a document promises and nothing verifies, each with its place
```

It needs the extra `odcs`.
"""

from pgcontract.integrations.odcs.reading import loads
from pgcontract.integrations.odcs.text import dumps
from pgcontract.integrations.standards import Imported, Remark

__all__ = ["Imported", "Remark", "dumps", "loads"]
