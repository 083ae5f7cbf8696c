/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writes docs/products.md from the declarations of products/: run it after changing one.
 */
#include "products/declare.h"
#include "products/raw.h"
#include "products/spectra.h"

#include <stdio.h>

static const char *type_word(enum ixs_type type)
{
    static const char *const words[] = {"real", "integer", "text"};
    return words[type];
}

static void list_columns(const struct ixs_table *table, const char *heading)
{
    printf("| %s | unit | type | meaning |\n| --- | --- | --- | --- |\n", heading);
    for (size_t i = 0; i < table->ncolumns; i++) {
        const struct ixs_column *column = &table->columns[i];
        printf("| `%s` | %s | %s | %s |\n", column->name, column->unit, type_word(column->type),
               column->meaning);
    }
    printf("\n");
}

static void list_table(const struct ixs_table *table, const struct ixs_table *keywords,
                       const char *remark)
{
    printf("### %s: %s%s\n\n", table->name, table->meaning, remark);
    if (table->ncolumns > 0)
        list_columns(table, "column");
    if (keywords != NULL)
        list_columns(keywords, "keyword");
}

static void list_kind(const struct ixs_kind *kind)
{
    printf("## %s, PRODVERS %d: %s\n\n", kind->name, kind->version, kind->meaning);
    if (kind == &ixs_kind_raw) {
        const struct ixs_table scan = {"SCAN",
                                       "one row a point, one real column for each recorded "
                                       "label (its TCOMM is the label itself)",
                                       0, NULL, 0};
        list_table(&scan, &ixs_table_raw_keys, "");
    }
    for (size_t i = 0; i < kind->nparts; i++)
        list_table(kind->parts[i].table, kind->parts[i].keywords,
                   kind->parts[i].optional ? " (on request)" : "");
}

int main(void)
{
    printf("# The products\n\nGenerated from the declarations in products/; do not edit. Every "
           "product also has the tables\nof its history:\n\n");
    list_table(&ixs_table_provenance, NULL, "");
    list_table(&ixs_table_config, NULL, "");
    for (size_t i = 0; i < ixs_nkinds; i++)
        list_kind(ixs_kinds[i]);
    printf("## FLAGS of a point\n\nA sum of bits; a point with any of them is not fitted, unless "
           "its line says so.\n\n"
           "| bit | word | meaning |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < ixs_flag_nwords; i++)
        printf("| %lld | `%s` | %s |\n", (long long)ixs_flag_words[i].bit, ixs_flag_words[i].word,
               ixs_flag_words[i].meaning);
    return 0;
}
