/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of the stage share: common options, pages made from the tables, dependencies.
 */
#ifndef IXS_REDUCE_STAGE_INSIDE_H
#define IXS_REDUCE_STAGE_INSIDE_H

#include "reduce/stage.h"

struct ixs_common { /* what the common options fill, beside the job */
    struct ixs_job job;
    const char *deps, *failed;
    bool help, man, completion, version, print_config;
    bool dry_run, keep_time, accept_changed;
};

enum { IXS_MOST_COMMON = 24 };

/* Those of the common options that this program takes: fills table[IXS_MOST_COMMON]. */
size_t ixs_common_options(struct ixs_option *table);

/* Fills common and values (a copy of the program's defaults) from the command line. */
IXS_MUST_CHECK bool ixs_common_parse(struct ixs_common *common, void *values, int argc, char **argv,
                                     struct ixs_err *err);

void ixs_page_help(FILE *out);       /* --help */
void ixs_page_man(FILE *out);        /* --man: roff for man(1) */
void ixs_page_completion(FILE *out); /* --completion: for bash */

/* --print-config: the configuration that was used, as XML, each file under its name. */
void ixs_page_config(FILE *out, const struct ixs_provenance *provenance);

/* --deps: a Make rule from the output to all that was read, with an empty rule for each file so
 * that one that vanishes is no error. */
IXS_MUST_CHECK bool ixs_deps_write(const struct ixs_common *common, struct ixs_err *err);

#endif
