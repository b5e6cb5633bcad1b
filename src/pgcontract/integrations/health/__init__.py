"""A health endpoint for a backend: whether its database is what the code believes, and its services answer.

```python
from pgcontract.contract.load import load
from pgcontract.integrations.health import Access, Health, redis, stripe

health = Health(
    load("contract.yaml"),
    "postgresql://…",
    access=Access(secret=os.environ["SUPABASE_JWT_SECRET"]),
    services={"redis": redis(os.environ["REDIS_URL"]), "stripe": stripe(os.environ["STRIPE_SECRET_KEY"])},
)
app.mount("/internal", health)  # Starlette's or FastAPI's; or serve it alone: uvicorn module:health
```

It answers `GET /admin/health` (all of it, to those who may ask), `/healthz` (the process lives), `/readyz` (it can do
its work), and `/metrics` (OpenMetrics).
"""

from pgcontract.integrations.health.access import Access
from pgcontract.integrations.health.app import Health, routes
from pgcontract.integrations.health.services import Check, redis, stripe

__all__ = ["Access", "Check", "Health", "redis", "routes", "stripe"]
