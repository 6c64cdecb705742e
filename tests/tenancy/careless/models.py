"""Every mistake that the checks must name."""

from django.db import models

from civic.accounts.models import Department
from civic.tenancy.models import TenantForeignKey, TenantModel


class Unowned(models.Model):
    """Neither a tenant model nor on the allowlist."""


class Unisolated(TenantModel):
    """Its migration has no Isolate."""


class Outgrown(TenantModel):
    """A reference came after its Isolate."""

    department = TenantForeignKey(Department, on_delete=models.CASCADE)


class Loose(TenantModel):
    """Refers by the id alone."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE)


class Many(TenantModel):
    """Has a table between that nobody isolates."""

    departments = models.ManyToManyField(Department)


class Forgetful(TenantModel):
    """Its second Isolate forgets what the first kept private."""

    name = models.TextField()
