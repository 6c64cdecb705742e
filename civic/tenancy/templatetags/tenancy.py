from typing import Any

from django import template
from django.template import RequestContext
from django.urls import reverse

register = template.Library()


@register.simple_tag(takes_context=True)
def tenant_url(context: RequestContext, name: str, **kwargs: Any) -> str:
    """The address of a page of the request's municipality: `{% tenant_url "centres:group_detail" number=3 %}`."""
    return reverse(name, kwargs={"municipality": context["request"].municipality.slug, **kwargs})
