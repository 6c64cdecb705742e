"""Create the two database roles and the database on a PostgreSQL server of one's own."""

import os
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from civic.runtime.database_roles import Roles, create_roles
from civic.runtime.errors import StartError, first_line


class Command(BaseCommand):
    help = "Create the roles and the database that DATABASE_URL and DATABASE_OWNER_URL name, as an administrator."
    # The checks would ask for what this command makes.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--admin-url",
            default=os.environ.get("DATABASE_ADMIN_URL"),
            help="postgres://… of a role with CREATEROLE and CREATEDB; the variable DATABASE_ADMIN_URL if not given",
        )

    def handle(self, *args: Any, admin_url: str | None, **options: Any) -> None:
        if not admin_url:
            raise CommandError("Give --admin-url or set DATABASE_ADMIN_URL: postgres://admin:password@host/postgres.")
        owner, serving = connections["owner"].settings_dict, connections["default"].settings_dict
        if owner["NAME"] != serving["NAME"]:
            raise CommandError("DATABASE_URL and DATABASE_OWNER_URL name two databases: they must lead to one.")
        roles = Roles(
            owner=owner["USER"],
            owner_password=owner["PASSWORD"],
            serving=serving["USER"],
            serving_password=serving["PASSWORD"],
            database=serving["NAME"],
        )
        try:
            with psycopg.connect(admin_url, autocommit=True) as administrator:
                create_roles(administrator, roles)
        except (psycopg.Error, StartError) as error:
            raise CommandError(first_line(error)) from error
        self.stdout.write(f"Ready: database {roles.database}, owner {roles.owner}, serving role {roles.serving}.")
