"""Start the portal; or, with `exec -- COMMAND`, run a command with servers of its own that end with it."""

import argparse
import os
import signal
import subprocess
import sys

from civic.runtime.errors import StartError
from civic.runtime.processes import end_with_parent
from civic.runtime.run import run
from civic.runtime.throwaway import throwaway_servers


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m civic.runtime", description=__doc__)
    parser.add_argument(
        "--end-with-parent", action="store_true", help="end when the process that started this one does"
    )
    commands = parser.add_subparsers(dest="action")
    execute = commands.add_parser("exec", help="run a command with fresh servers that end with it")
    execute.add_argument("command", nargs="+")
    arguments = parser.parse_args()
    if arguments.end_with_parent:
        end_with_parent(signal.SIGTERM)
    try:
        if arguments.action == "exec":
            with throwaway_servers() as environment:
                return subprocess.run(arguments.command, env=os.environ | environment).returncode
        run()
    except StartError as error:
        print(f"civic: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
