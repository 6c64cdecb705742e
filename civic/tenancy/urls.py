"""Addresses within a municipality."""

from typing import Any

from django.urls import reverse

from civic.tenancy.context import current_municipality


def tenant_reverse(name: str, **kwargs: Any) -> str:
    """Return the address of a page of the municipality acted as.

    Raises NoMunicipality outside `acting_as` and NoReverseMatch for an unknown name.
    """
    return reverse(name, kwargs={"municipality": current_municipality().slug, **kwargs})
