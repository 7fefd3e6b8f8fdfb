"""Datasette's own words on the pages that journalists meet, said in the reader's language.

Its templates have English in them. As each is loaded, a phrase gives way to one of our catalogue, and a filter's select
gets the label that a screen reader needs. A phrase that Datasette does not write any more is found by the tests.
"""

from __future__ import annotations

from jinja2.ext import Extension

_DESCRIBED = "human_description_en|described(t, filters, sort, sort_desc, (no_imported or []) + (searched or []))"
"""What our own filters say comes before what Datasette's say, and that of the search last (archive.site.plugin)."""

PHRASES: dict[str, tuple[tuple[str, str], ...]] = {
    "table.html": (
        ('{{ "{:,}".format(filtered_table_rows_count) }} row', '{{ t("table.rows", n=filtered_table_rows_count) }}'),
        ("{% if filtered_table_rows_count == 1 %}{% else %}s{% endif %}", ""),
        (
            "{% if human_description_en %} {{ human_description_en }}{% endif %}{% endblock %}",
            "{% if human_description_en %} {{ " + _DESCRIBED + " }}{% endif %}{% endblock %}",
        ),
        (
            "{% if human_description_en %}{{ human_description_en }}{% endif %}",
            "{% if human_description_en %}{% set told = " + _DESCRIBED + " %}"
            '<span{% if told == human_description_en %} lang="en"{% endif %}>{{ told }}</span>{% endif %}',
        ),
        (">Search:<", '>{{ t("table.search") }}<'),
        ("- remove filter -", '{{ t("table.remove_filter") }}'),
        ("- column -", '{{ t("table.column") }}'),
        ('<select name="_filter_column', '<select aria-label="{{ t("table.column_label") }}" name="_filter_column'),
        (">{{ display }}<", '>{{ t.of("lookup", display) }}<'),
        ('<select name="_filter_op', '<select aria-label="{{ t("table.operation_label") }}" name="_filter_op'),
        (
            '<input type="text" name="_filter_value',
            '<input aria-label="{{ t("table.value_label") }}" type="text" name="_filter_value',
        ),
        ('<select name="_sort" id="sort_by">', '<select aria-label="{{ t("table.sort") }}" name="_sort" id="sort_by">'),
        (">Sort...<", '>{{ t("table.sort") }}<'),
        (">Sort by {{ column.name }}<", '>{{ t("table.sort_by", column=column.name) }}<'),
        ("> descending<", '> {{ t("table.descending") }}<'),
        ('value="Apply"', 'value="{{ t("table.apply") }}"'),
        ("This data as ", '{{ t("table.data_as") }} '),
        ('<a href="{{ url_csv }}">CSV<', '<a href="{{ our_csv or url_csv }}">CSV<'),
        (">advanced<", '>{{ t("table.advanced") }}<'),
        (">Next page<", '>{{ t("table.next") }}<'),
        (">Advanced export<", '>{{ t("table.advanced_export") }}<'),
        ("JSON shape:", '{{ t("table.json_shape") }}'),
        (">default<", '>{{ t("table.shape_default") }}<'),
        (">array<", '>{{ t("table.shape_array") }}<'),
        (">newline-delimited<", '>{{ t("table.shape_lines") }}<'),
        (">object<", '>{{ t("table.shape_object") }}<'),
        ("CSV options:", '{{ t("table.csv_options") }}'),
        ("> download file<", '> {{ t("table.download") }}<'),
        ("> expand labels<", '> {{ t("table.expand") }}<'),
        ("> stream all rows<", '> {{ t("table.stream") }}<'),
        ('value="Export CSV"', 'value="{{ t("table.export_csv") }}"'),
        # Headings in order: there is no second level above these.
        ("<h3>", "<h2>"),
        ("</h3>", "</h2>"),
    ),
    "row.html": (
        ("This data as ", '{{ t("table.data_as") }} '),
        (">Links from other tables<", '>{{ t("table.linked") }}<'),
        (
            '{{ "{:,}".format(other.count) }} row{% if other.count == 1 %}{% else %}s{% endif %}',
            '{{ t("table.rows", n=other.count) }}',
        ),
        (
            "from {{ other.other_column }} in {{ other.other_table }}",
            '{{ t("table.linked_by", column=other.other_column, table=other.other_table) }}',
        ),
    ),
    "_crumbs.html": (("{{ item.label }}", '{{ t("nav.home") if item.href == urls.instance() else item.label }}'),),
    "_table.html": ((">0 records<", '>{{ t("table.none") }}<'),),
}
"""By template, what stands in it and what stands there instead."""


class OurWords(Extension):
    """Puts our words into Datasette's templates as they are loaded."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        # Its own templates, not one of ours that has the same name.
        for phrase, ours in PHRASES.get(name or "", ()) if "/datasette/" in (filename or "").replace("\\", "/") else ():
            source = source.replace(phrase, ours)
        return source
