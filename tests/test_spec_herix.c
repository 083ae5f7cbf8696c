/* SPDX-License-Identifier: GPL-3.0-or-later
 * The SPEC reader on real files: HERIX beamtimes whole, and a collection of dialects. The numbers
 * come from the collection's own description, or from the bytes by another way.
 */
#include "tests/near.h"

#include "base/array.h"
#include "tests/spec_text.h"

#include <math.h>

/* The folder of real files, or NULL with a message. */
static const char *spectra(void)
{
    static char path[4096];
    const char *root = getenv("IXS_ROOT");
    snprintf(path, sizeof path, "%s/../shared/spectra", root ? root : ".");
    if (access(path, R_OK) == 0)
        return path;
    printf("# skipped: no folder %s with real files\n", path);
    return NULL;
}

static struct spec_read read_real(const char *name)
{
    char path[4200];
    if (spectra() == NULL)
        skip();
    snprintf(path, sizeof path, "%s/%s", spectra(), name);
    struct spec_read read = read_spec(path, NULL);
    assert_true(read.ok);
    return read;
}

static void assert_counts(const struct spec_read *read, size_t scans, size_t rows, size_t values)
{
    size_t all_rows = 0, all_values = 0;
    for (size_t i = 0; i < read->count; i++) {
        const struct ixs_raw *raw = &read->scans[i].raw;
        all_rows += raw->npoints;
        all_values += raw->npoints * raw->nlabels;
        assert_int_equal(raw->keys.nmissing, 0);
        assert_int_equal(raw->keys.ndropped, 0);
    }
    assert_int_equal(read->count, scans);
    assert_int_equal(all_rows, rows);
    assert_int_equal(all_values, values);
    assert_int_equal(read->notes.count, 0);
}

static size_t count_ended(const struct spec_read *read, const char *ended)
{
    size_t count = 0;
    for (size_t i = 0; i < read->count; i++)
        count += strcmp(read->scans[i].raw.keys.ended, ended) == 0;
    return count;
}

/* The angle of a crystal of the monochromator (urad) is a straight line in the energy, unless the
 * origin is moved: it needs no comments to tell the energy. Largest distance from that line, meV.
 */
static double distance_from_line(const struct spec_read *read, bool with_origin)
{
    double n = 0, x = 0, y = 0, xx = 0, xy = 0, most = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < read->count; i++) {
            const struct ixs_raw *raw = &read->scans[i].raw;
            double energy = ixs_raw_motor(raw, "HerixE") + (with_origin ? raw->keys.e_origin : 0);
            double angle = ixs_raw_motor(raw, "HRM_th2") + 31490;
            if (pass == 0) {
                n++, x += energy, y += angle, xx += energy * energy, xy += energy * angle;
                continue;
            }
            double slope = (n * xy - x * y) / (n * xx - x * x);
            double offset = (y - slope * x) / n;
            most = fmax(most, fabs((angle - offset) / slope - energy));
        }
    return most;
}

static void test_cdoso(void **state)
{
    (void)state;
    struct spec_read read = read_real("herix/CdOsO");
    assert_counts(&read, 74, 3168, 178973);
    /* 35 by their comment, one (48) broken off without a word */
    assert_int_equal(count_ended(&read, "ABORTED"), 36);
    assert_int_equal(count_ended(&read, "COMPLETE"), 38);
    const struct ixs_raw *first = &read.scans[0].raw, *again = &read.scans[48].raw;
    assert_int_equal(read.scans[0].line, 35);
    assert_int_equal(read.scans[48].line, 3725);
    assert_true(first->keys.scan == 1 && first->keys.order == 1);
    assert_true(again->keys.scan == 1 && again->keys.order == 2);
    assert_near(ixs_raw_metadata(again, "T_Sample"), 197.856, 0);
    assert_int_equal(again->npositions, 128);
    assert_int_equal(again->nmetadata, 38);
    assert_near(ixs_raw_motor(again, "HRM IC2 Y"), 0, 0);
    assert_near(ixs_raw_motor(again, "Anal5 Diam"), 15.0081, 0);
    assert_near(again->keys.lattice[0], 10.17, 0);
    assert_near(again->keys.lambda, 0.52262, 0);
    assert_near(again->keys.ub[8], 0.3456632904, 0);
    assert_near(again->keys.q[1], 5.10021, 0);
    assert_near(again->keys.epoch, 1447296537, 0);
    assert_int_equal(first->nlabels, 56);
    assert_int_equal(again->nlabels, 57);
    long ana5 = ixs_raw_label(&read.scans[62].raw, "Ana5");
    assert_true(ana5 >= 0 && ana5 != ixs_raw_label(first, "Ana5"));
    assert_near(distance_from_line(&read, true), 0, 0.02);
    assert_true(distance_from_line(&read, false) > 5);
    free_spec(&read);
}

/* What the comments of plexiglas_1.spec say from the first line to the last, added up. */
static double sum_of_resets(size_t *count)
{
    char path[4200], line[8192];
    double sum = 0, from, to;
    snprintf(path, sizeof path, "%s/herix/plexiglas_1.spec", spectra());
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (*count = 0; fgets(line, sizeof line, file) != NULL;) {
        const char *at = strstr(line, "herixE reset from");
        if (at != NULL && sscanf(at, "herixE reset from %lf to %lf", &from, &to) == 2) {
            sum += from - to;
            ++*count;
        }
    }
    assert_int_equal(fclose(file), 0);
    return sum;
}

static void test_plexiglas(void **state)
{
    (void)state;
    size_t resets;
    struct spec_read read = read_real("herix/plexiglas_1.spec");
    assert_counts(&read, 30, 4230, 258030);
    assert_int_equal(count_ended(&read, "COMPLETE"), 30);
    for (size_t i = 0; i < 30; i++) { /* a quick scan, the reset, a long scan */
        const struct ixs_raw_keys *keys = &read.scans[i].raw.keys;
        double before = i > 0 ? read.scans[i - 1].raw.keys.e_origin : 0;
        assert_true((keys->e_origin != before) == (i % 2 == 1));
        assert_int_equal(keys->npoints, i % 2 == 1 ? 201 : 81);
        assert_string_equal(keys->e_axis, "HerixE");
        assert_string_equal(keys->title, "plexiglas");
    }
    assert_near(read.scans[29].raw.keys.e_origin, sum_of_resets(&resets), 1e-12);
    assert_int_equal(resets, 15);
    assert_near(distance_from_line(&read, true), 0, 0.002);
    const struct ixs_raw *raw = &read.scans[29].raw;
    assert_string_equal(raw->labels[ixs_raw_label(raw, "Seconds")], "Seconds");
    assert_string_equal(raw->labels[60], "Seconds");
    assert_string_equal(raw->header[raw->nheader - 1].text, "#U MAIN_ANALYZER 5");
    assert_near(ixs_raw_metadata(raw, "Main_tth_analyzer"), 5, 0);
    free_spec(&read);
}

/* ---- dialects -------------------------------------------------------------------------------- */

/* Scans, rows and values of each file. The list is complete, and silx agrees
 * (spec_against_silx.py). */
static const struct {
    const char *name;
    size_t scans, rows, values;
} dialects[] = {
    {"id28/CaC6_scans4_84_87.spec", 3, 223, 10704},
    {"spec_corpus/apstools/spec3_old.dat", 1, 219, 1095},
    {"spec_corpus/apstools/test_specdata.txt", 1, 41, 205},
    {"spec_corpus/pyEvalData/example_file_spec.spec", 1, 191, 2101},
    {"spec_corpus/pyEvalData/sardana_mca.spec", 4, 124, 9176},
    {"spec_corpus/silx_teststrings/test_specfile_1.spec", 4, 11, 34},
    {"spec_corpus/silx_teststrings/test_spech5_1.spec", 5, 13, 38},
    {"spec_corpus/silx_teststrings/test_spech5_2.spec", 1, 3, 6},
    {"spec_corpus/silx_teststrings/test_spech5_4.spec", 1, 4, 8},
    {"spec_corpus/spec2nexus/05_02_test.dat", 39, 680, 6776},
    {"spec_corpus/spec2nexus/20220311-161530.dat", 78, 775, 8525},
    {"spec_corpus/spec2nexus/33id_spec.dat", 106, 4130, 59539},
    {"spec_corpus/spec2nexus/issue109_data.txt", 3, 6102, 92080},
    {"spec_corpus/spec2nexus/issue216_scan1.spec", 1, 9, 63},
    {"spec_corpus/spec2nexus/issue64_data.txt", 1, 26, 468},
    {"spec_corpus/spec2nexus/issue82_data.txt", 1, 92, 2484},
    {"spec_corpus/spec2nexus/n_m.txt", 1, 31, 465},
    {"spec_corpus/spec2nexus/refresh1.txt", 3, 9, 132},
    {"spec_corpus/spec2nexus/refresh2.txt", 2, 12, 168},
    {"spec_corpus/spec2nexus/refresh3.txt", 1, 31, 465},
    {"spec_corpus/spec2nexus/twoc.dat", 3, 87, 1521},
    {"spec_corpus/spec2nexus/usaxs-bluesky-specwritercallback_crlf.dat", 7, 205, 2870},
    {"spec_corpus/spec2nexus/user6idd.dat", 2, 55, 1375},
    {"spec_corpus/suitcase-specfile/count_3.spec", 1, 3, 12},
    {"spec_corpus/suitcase-specfile/rel_scan.spec", 1, 3, 12},
    {"spec_corpus/xraylarch/ESRF_SNBL_2013.dat", 2, 1362, 24516},
    {"spec_corpus/xrt_xop/Ag_absCoeff.xcrosssec.gz", 1, 500, 1000},
};

static void test_dialects(void **state)
{
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(dialects); i++) {
        struct spec_read read = read_real(dialects[i].name);
        size_t rows = 0, values = 0;
        for (size_t k = 0; k < read.count; k++) {
            rows += read.scans[k].raw.npoints;
            values += read.scans[k].raw.npoints * read.scans[k].raw.nlabels;
            assert_int_equal(read.scans[k].raw.keys.ndropped, 0);
        }
        if (read.count != dialects[i].scans || rows != dialects[i].rows ||
            values != dialects[i].values)
            fail_msg("%s: found %zu scans, %zu rows, %zu values", dialects[i].name, read.count,
                     rows, values);
        free_spec(&read);
    }
}

static void test_none_is_missing(void **state)
{
    (void)state;
    struct spec_read read = read_real("spec_corpus/spec2nexus/05_02_test.dat");
    int64_t missing = 0;
    for (size_t i = 0; i < read.count; i++)
        missing += read.scans[i].raw.keys.nmissing;
    assert_int_equal(missing, 8);          /* grep -v '^#' | grep -o None | wc -l */
    assert_int_equal(read.notes.count, 6); /* of four scans, of spectra passed over, of long #MD */
    free_spec(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cdoso),
        cmocka_unit_test(test_plexiglas),
        cmocka_unit_test(test_dialects),
        cmocka_unit_test(test_none_is_missing),
    };
    return cmocka_run_group_tests_name("spec_herix", tests, NULL, NULL);
}
