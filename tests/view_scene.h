/* SPDX-License-Identifier: GPL-3.0-or-later
 * A folder of its own with the sample products, for one test.
 */
#ifndef IXS_TESTS_VIEW_SCENE_H
#define IXS_TESTS_VIEW_SCENE_H

#include "tests/view_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>
#include <cmocka.h>

#define assert_ok(call, err)                                                                       \
    do {                                                                                           \
        if (!(call))                                                                               \
            fail_msg("%s: %s: %s", #call, (err)->where, (err)->text);                              \
    } while (0)

static int set_up(void **state)
{
    char folder[] = "/tmp/ixs-view-XXXXXX";
    struct ixs_err err = IXS_ERR_NONE;
    struct samples *samples = calloc(1, sizeof *samples);
    if (samples == NULL || mkdtemp(folder) == NULL || chdir(folder) != 0)
        return -1;
    *state = samples;
    return samples_make(samples, &err) ? 0 : -1;
}

static int tear_down(void **state)
{
    char folder[256];
    for (size_t i = 0; i < SAMPLE_KINDS; i++)
        unlink(sample_files[i]);
    samples_dispose(*state);
    free(*state);
    return getcwd(folder, sizeof folder) != NULL && chdir("/") == 0 ? rmdir(folder) : -1;
}

#define WITH_SAMPLES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
