"""Finding items of a plan by status, department, audience and words, in a tree that is read already."""

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from plans.models import WorkStatus
from plans.tree import Node, Tree


class ItemFilter(forms.Form):
    """What to look for; everything that is given must hold."""

    q = forms.CharField(label=_("ことば"), required=False, max_length=100)

    def __init__(self, tree: Tree, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.tree = tree
        departments = dict.fromkeys(name for node in tree.walk() for name in node.departments)
        for field, label, choices in (
            ("status", _("進みぐあい"), WorkStatus.choices if tree.progress_year else []),
            ("department", _("担当課"), [(name, name) for name in departments]),
            ("audience", _("対象"), [(name, name) for name in tree.audiences]),
        ):
            if choices:
                self.fields[field] = forms.ChoiceField(
                    label=label, required=False, choices=[("", _("すべて")), *choices]
                )

    def found(self) -> list[Node] | None:
        """Return the items that fit, in the order of print; None where nothing was asked for."""
        if not self.is_valid() or not any(self.cleaned_data.values()):
            return None
        return [node for node in self.tree.walk() if self._fits(node)]

    def _fits(self, node: Node) -> bool:
        asked = self.cleaned_data
        if (status := asked.get("status")) and (node.standing is None or node.standing.status != status):
            return False
        if (department := asked.get("department")) and department not in node.departments:
            return False
        if audience := asked.get("audience"):
            addressed = node.sheet.audience if node.sheet else []
            if not any(each.name == audience and each.addressed for each in addressed):
                return False
        text = _folded(_text(node))
        return all(word in text for word in _folded(asked["q"]).split())


def _text(node: Node) -> str:
    """All that is said of an item."""
    words = [node.title, *node.departments, *(kpi.name for kpi in node.kpis)]
    words += [part for text in node.texts for part in (text.heading, *text.paragraphs)]
    if sheet := node.sheet:
        words += [sheet.implementers, sheet.purpose, sheet.situation, sheet.content, sheet.completion]
    for progress in [node.progress, *node.earlier]:
        if progress:
            words += [progress.done, progress.figures, progress.problems, progress.next_year]
    return "\n".join(words)


def _folded(text: str) -> str:
    """One shape of each letter: half width and full width are the same word."""
    return unicodedata.normalize("NFKC", text).casefold()
