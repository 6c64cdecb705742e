"""Words that people typed, as paragraphs with links. Nothing of what they typed is markup."""

import re

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString

register = template.Library()

# Only characters that an address is written with: Japanese text goes on after one without a space.
_ADDRESS = re.compile(r"https?://[\w\-.~:/?#\[\]@!$&'()*+,;=%]+", re.ASCII)
_NOT_ITS_END = ".,:;!?'"


@register.filter
def paragraphs(text: str) -> SafeString:
    """The text with a paragraph for each part between empty lines, and addresses that begin with https:// as links."""
    return SafeString(linebreaks(_linked(text)))


def _linked(text: str) -> SafeString:
    parts, position = [], 0
    for found in _ADDRESS.finditer(text):
        address = _without_its_end(found.group())
        parts.append(conditional_escape(text[position : found.start()]))
        parts.append(format_html('<a href="{0}">{0}</a>', address))
        position = found.start() + len(address)
    return format_html_join("", "{}", [[part] for part in (*parts, conditional_escape(text[position:]))])


def _without_its_end(address: str) -> str:
    """The address without the marks that end the sentence around it, and a bracket that was opened before it."""
    address = address.rstrip(_NOT_ITS_END)
    return address[:-1].rstrip(_NOT_ITS_END) if address.endswith(")") and "(" not in address else address
