"""dbt's schema files, version 2: models, seeds, snapshots and sources, with their contracts and tests, as a suite.

```python
from pgcontract.integrations import dbt

imported = dbt.load(["models/schema.yml"], schema="analytics")
imported.suite      # what pgcontract can verify
imported.unchecked  # the tests that it has nothing for, each with its place
```
"""

from pgcontract.integrations.dbt.project import load, loads
from pgcontract.integrations.standards import Imported, Remark

__all__ = ["Imported", "Remark", "load", "loads"]
