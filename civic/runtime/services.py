"""The portal's own processes, defined once: the embedded run starts them, and docker-compose.yml repeats them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """A process that runs for as long as the portal does."""

    name: str
    command: tuple[str, ...]


# Brings database, static files and records up to date, once, before any service starts.
PREPARE = ("python", "manage.py", "prepare")

# gunicorn binds to 0.0.0.0:$PORT unless GUNICORN_CMD_ARGS says otherwise. --preload makes a wrong setting one
# failure at the start instead of a worker that is started again and again, and shares memory between workers.
WEB = Service(
    "web",
    (
        *("gunicorn", "civic.wsgi", "--preload", "--no-control-socket"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "8"),
    ),
)
# Each worker reads its own queue and none needs to know of the others, so the talk between workers is off.
WORKER = Service(
    "worker",
    (
        *("celery", "--quiet", "-A", "civic", "worker", "--loglevel", "INFO", "--concurrency", "2"),
        *("--without-gossip", "--without-mingle"),
    ),
)
SCHEDULER = Service("scheduler", ("celery", "--quiet", "-A", "civic", "beat", "--loglevel", "INFO"))

SERVICES = (WEB, WORKER, SCHEDULER)
