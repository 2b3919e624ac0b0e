"""Icons from our sprite: `{% icon "inbox" %}`. The names are the keys of frontend/icons.json."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str, *, label: str = "", extra: str = "") -> SafeString:
    """Draw an icon. Without a label it is decoration and hidden from screen readers."""
    address = f"{static('afterscore/icons.svg')}#{name}"
    css_class = f"icon {extra}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>',
            css_class,
            label,
            address,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css_class, address
    )
