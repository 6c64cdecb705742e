"""Search that forgives: what is typed and what is stored are folded the same way, both by the database.

Folding makes one letter of full and half width, of capital and small letters, of katakana and hiragana, and of old
and new forms of a character, and takes out spaces and middle dots.
"""

from typing import TypeVar

from django.db.models import Exists, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

Row = TypeVar("Row", bound=Model)

HIRAGANA = "".join(map(chr, range(ord("ぁ"), ord("ゖ") + 1)))
KATAKANA = "".join(map(chr, range(ord("ァ"), ord("ヶ") + 1)))
# Old forms that people write in names of persons, places and groups, each above the form in everyday use.
OLD_FORMS = "髙﨑濵濱邊邉齋齊澤櫻國學會廣瀨嶋嶌龍圓榮藝縣總聲臺當澁淺靜豐德惠眞條實壽應經營萬與樂關辯變戀"
NEW_FORMS = "高崎浜浜辺辺斎斉沢桜国学会広瀬島島竜円栄芸県総声台当渋浅静豊徳恵真条実寿応経営万与楽関弁変恋"
DROPPED = " ・"
BETWEEN_FIELDS = Value("\n")

# Immutable, so that generated columns can hold what it returns. A change of it needs those columns written anew.
CREATE_FOLD = f"""
CREATE FUNCTION fold_for_search(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(
        lower(normalize(words, NFKC)),
        '{KATAKANA}{OLD_FORMS}{DROPPED}',
        '{HIRAGANA}{NEW_FORMS}')
$$
"""
DROP_FOLD = "DROP FUNCTION fold_for_search(text)"


def search_text(*fields: str) -> Func:
    """Return the expression of a generated column `search_text` over the given fields of a model."""
    first, *others = fields
    parts = [part for name in others for part in (BETWEEN_FIELDS, name)]
    return Func(Concat(first, *parts, output_field=TextField()) if parts else first, function="fold_for_search")


def folded(words: str) -> Func:
    """Return the expression of words that were typed, as `search_text` holds them."""
    return Func(Value(words), function="fold_for_search", output_field=TextField())


def matching(queryset: QuerySet[Row], query: str, *beside: QuerySet) -> QuerySet[Row]:
    """Return the rows whose `search_text` holds every word of the query; all rows for an empty one.

    A word may also stand in the `search_text` of a row of `beside`: what belongs to a row, told by an `OuterRef`.
    """
    words = Q()
    for word in query.split():
        found = Q(search_text__contains=folded(word))
        for others in beside:
            found |= Q(Exists(others.filter(search_text__contains=folded(word))))
        words &= found
    return queryset.filter(words)
