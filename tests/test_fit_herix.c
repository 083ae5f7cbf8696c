/* SPDX-License-Identifier: GPL-3.0-or-later
 * A real spectrum: CdOsO scan 60, Ana7 (APS 30-ID, 2015), no zero known. Its highest peak is the
 * Stokes line of a phonon, not the elastic line; detailed balance tells which is which.
 */
#include "models/fit/fit.h"

#include "tests/near.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

enum { MOST = 128, ENERGY = 0, MONITOR, COUNTS, COLUMNS };

/* Ana7's response of February 2018 (plexiglas_1.spec scan 6), three pseudo-Voigts. */
static const struct ixs_response lent = {.nparts = 3,
                                         .parts = {{0.48898, 0.28417, 1.38063, 0.74959},
                                                   {0.03258, 5.52578, 22.84973, 1.0},
                                                   {0.47844, -0.32870, 1.24958, 0.47343}}};

struct scan {
    size_t n;
    double columns[COLUMNS][MOST];
};

static int column_of(const char *label)
{
    return strcmp(label, "HerixE") == 0   ? ENERGY
           : strcmp(label, "HM_IC0") == 0 ? MONITOR
           : strcmp(label, "Ana7") == 0   ? COUNTS
                                          : COLUMNS;
}

/* Labels and rows of scan 60; its labels have no blanks inside. */
static void read_scan(FILE *file, struct scan *scan)
{
    static char text[4096];
    int wanted[128], here = 0, nlabels = 0;
    while (fgets(text, sizeof text, file)) {
        if (strncmp(text, "#S ", 3) == 0)
            here = strncmp(text, "#S 60 ", 6) == 0;
        if (!here || (text[0] == '#' && text[1] != 'L'))
            continue;
        int column = 0;
        for (char *word = strtok(text[0] == '#' ? text + 2 : text, " \n"); word && column < 128;
             word = strtok(NULL, " \n"), column++) {
            if (text[0] == '#') {
                wanted[nlabels++] = column_of(word);
            } else if (column < nlabels && wanted[column] < COLUMNS && scan->n < MOST) {
                scan->columns[wanted[column]][scan->n] = strtod(word, NULL);
            }
        }
        scan->n += text[0] != '#' && column == nlabels;
    }
}

static bool load(struct scan *scan)
{
    const char *root = getenv("IXS_ROOT");
    char path[4096];
    snprintf(path, sizeof path, "%s/../shared/spectra/herix/CdOsO", root ? root : ".");
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    read_scan(file, scan);
    fclose(file);
    return true;
}

static void test_scan_60(void **state)
{
    (void)state;
    struct scan scan = {0};
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = NULL;
    struct ixs_fit_answer answer;
    double exposure[MOST];
    if (!load(&scan)) {
        print_message("# no ../shared/spectra/herix/CdOsO: skipped\n");
        skip();
    }
    assert_int_equal(scan.n, 91);
    for (size_t i = 0; i < scan.n; i++)
        exposure[i] = 30.0 * scan.columns[MONITOR][i] / scan.columns[MONITOR][0];
    struct ixs_fit_task task = IXS_FIT_TASK;
    task.points = (struct ixs_model_points){scan.n, scan.columns[ENERGY], scan.columns[COUNTS],
                                            exposure, NULL};
    task.response = lent;
    ixs_response_centre(&task.response);
    task.kelvin = 298.5;
    task.nmodes = 1;
    assert_null(ixs_fit_complaint(&task));
    assert_true(ixs_fit_space_new(&space, scan.n, &err));
    ixs_fit_run(space, &task, &answer);
    ixs_fit_space_free(space);
    print_message("# zero %.3f(%.3f), OMEGA0 %.3f(%.3f), deviance %.1f on %ld\n", answer.zero,
                  answer.zero_err, answer.lines[0].omega0, answer.lines[0].omega0_err,
                  answer.deviance, answer.dof);
    size_t top = 0;
    for (size_t i = 1; i < scan.n; i++)
        if (scan.columns[COUNTS][i] > scan.columns[COUNTS][top])
            top = i;
    assert_near(scan.columns[ENERGY][top], 12.5, 0.6); /* not the elastic line */
    assert_near(answer.zero, 7.50, 0.08); /* 7.47 with another form of the same response */
    assert_near(answer.lines[0].omega0, 4.99, 0.02);
    assert_int_equal(answer.lines[0].regime, IXS_FIT_UNRESOLVED);
    assert_int_equal(answer.dof, 85);
    assert_true(answer.deviance < 125.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_scan_60)};
    return cmocka_run_group_tests_name("fit_herix", tests, NULL, NULL);
}
