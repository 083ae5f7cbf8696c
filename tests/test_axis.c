/* SPDX-License-Identifier: GPL-3.0-or-later
 * The energy axis: each way to come to energy, and ID28's CaC6 scans, whose thermistors, set points
 * and published recipe disagree in known ways.
 */
#include "calib/energy/axis.h"

#include "base/units.h"
#include "tests/near.h"
#include "tests/shipped.h"
#include "tests/spec_text.h"

#include <math.h>
#include <sys/stat.h>

static bool noted(const struct ixs_notes *notes, const char *text)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strstr(notes->lines[i], text) != NULL)
            return true;
    return false;
}

/* ---- one scan, written here ------------------------------------------------------------------ */

static const char thermistors[] =
    "#F beam\n#E 1000\n#D Wed Nov 11 15:52:36 2015\n#C fourc  User = x\n#O0 Mono  other\n\n"
    "#S 7  ascan  monot 22 20 2 1\n#D Wed Nov 11 15:52:36 2015\n#T 1  (sec)\n#P0 6.2401 1\n"
    "#C LAMBDA 0.6968 T0 21\n#N 5\n#L Temperature  sec  prem_ad5  prem_ad6  deta1\n"
    "22 1 10000 10000 3\n21 1 10500 10000 4\n20 1 -1 10000 5\n";

static struct ixs_axis open_axis(const struct spec_read *read,
                                 const struct ixs_instrument *instrument)
{
    struct ixs_axis axis;
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(read->ok && read->count == 1);
    if (!ixs_axis_open(&axis, &read->scans[0].raw, "scan", instrument, &err))
        fail_msg("%s: %s", err.where, err.text);
    return axis;
}

static void test_thermistors(void **state)
{
    (void)state;
    struct ixs_instrument instrument;
    struct spec_read read = read_text(thermistors);
    read_shipped(&instrument, "id28");
    struct ixs_axis axis = open_axis(&read, &instrument);
    const struct ixs_raw *raw = &read.scans[0].raw;
    ixs_axis_choose(&axis, raw, ixs_instrument_find(&instrument, "deta1"));
    assert_near(axis.reference, 273.15 + 21.0,
                1e-9);                         /* the scan's line, over the instrument's 22 */
    assert_near(axis.reading, 291.5002, 1e-4); /* 10 kohm */
    assert_int_equal(axis.reflection[0], 9);
    const double *row = raw->values;
    assert_near(ixs_axis_energy(&axis, row), 0.0, 1e-9);
    row += raw->nlabels; /* 10500 ohm: by the formula, in Python */
    double warm = 291.500220, cold = 290.391684, middle = 294.15 - 0.5 * (warm - cold);
    double alpha = 2.581e-6 + 0.0084e-6 * (middle - 295.65);
    assert_near(ixs_axis_energy(&axis, row), 17.7934e6 * alpha * (warm - cold), 2e-3);
    assert_true(isnan(ixs_axis_energy(&axis, row + raw->nlabels))); /* no such resistance */
    /* a correction of the analyzer's thermometer, 45.9 meV/K */
    axis.correction = 0.1;
    assert_near(ixs_axis_energy(&axis, raw->values), -4.57, 0.02);
    free_spec(&read);
}

static void test_missing(void **state)
{
    (void)state;
    struct ixs_instrument instrument;
    struct ixs_notes notes = {0};
    struct ixs_axis axis;
    struct ixs_err err = IXS_ERR_NONE;
    struct spec_read read = read_text(thermistors);
    struct ixs_raw *raw = &read.scans[0].raw;
    read_shipped(&instrument, "id28");
    /* of one analyzer: it alone has no energies, and that is said */
    ixs_copy(instrument.analyzers[0].thermometer, 49, "prem_ad66");
    axis = open_axis(&read, &instrument);
    ixs_axis_choose(&axis, raw, &instrument.analyzers[0]);
    assert_true(isnan(ixs_axis_energy(&axis, raw->values)));
    ixs_axis_tell(&axis, raw, "raw/x.fits", &notes);
    assert_true(noted(&notes, "found no column prem_ad66 in scan 7, expected the thermometer of "
                              "deta1"));
    /* of the monochromator: the scan */
    ixs_copy(instrument.thermal.mono, 49, "prem_ad55");
    assert_false(ixs_axis_open(&axis, raw, "raw/x.fits", &instrument, &err));
    assert_int_equal(err.code, IXS_INPUT);
    assert_string_equal(err.where, "raw/x.fits");
    assert_non_null(strstr(err.text, "found no column prem_ad55 in scan 7, expected the "
                                     "monochromator's thermometer"));
    /* an angle between two reflections */
    read_shipped(&instrument, "id28");
    instrument.thermal.named[2].angle = 6.3;
    ixs_err_clear(&err);
    assert_false(ixs_axis_open(&axis, raw, "raw/x.fits", &instrument, &err));
    assert_non_null(strstr(err.text, "found Mono at 6.2401 deg in scan 7"));
    assert_non_null(strstr(err.text, "8.18, 7.036, 6.3, 5.07, 4.635, within 0.02"));
    ixs_notes_dispose(&notes);
    free_spec(&read);
}

static void test_ways(void **state)
{
    (void)state;
    static const char text[] = "#S 1  ascan  tmk 0 1000 2 1\n#D Wed Nov 11 15:52:36 2015\n#N 3\n"
                               "#L tmk  Tmono  HerixE\n0 30 -3\n500 29.5 0\n1000 29 2.5\n";
    struct spec_read read = read_text(text);
    const struct ixs_raw *raw = &read.scans[0].raw;
    struct ixs_instrument instrument;
    read_shipped(&instrument, "bl35xu"); /* the archive's 57.3905 meV/K */
    struct ixs_axis axis = open_axis(&read, &instrument);
    assert_near(ixs_axis_energy(&axis, raw->values), 0.0, 0.0);
    assert_near(ixs_axis_energy(&axis, raw->values + 3), 0.5 * 57.390, 3e-4);
    read_shipped(&instrument, "bl43lxu");
    axis = open_axis(&read, &instrument);
    assert_near(axis.error, 0.0025, 0.0005); /* of alpha at 30 degC */
    double alpha = 2.581e-6 + 0.0084e-6 * (302.9 - 295.65);
    assert_near(ixs_axis_energy(&axis, raw->values + 3), 21.74702e6 * alpha * 0.5, 1e-3);
    assert_near(ixs_axis_energy(&axis, raw->values), 0.0, 1e-12);
    read_shipped(&instrument, "herix");
    instrument.energy_scale = -2.0;
    instrument.energy_origin = 0.5;
    axis = open_axis(&read, &instrument);
    assert_near(ixs_axis_energy(&axis, raw->values + 6), -4.0, 1e-12);
    assert_true(isnan(axis.error));
    free_spec(&read);
}

static void test_complaints(void **state)
{
    (void)state;
    struct ixs_instrument instrument;
    read_shipped(&instrument, "id28");
    assert_null(ixs_instrument_energy_complaint(&instrument));
    instrument.thermal.steinhart[0] = NAN;
    assert_non_null(strstr(ixs_instrument_energy_complaint(&instrument), "steinhart_hart"));
    read_shipped(&instrument, "bl43lxu");
    instrument.thermal.reference = NAN;
    assert_non_null(strstr(ixs_instrument_energy_complaint(&instrument), "reference"));
    instrument.thermal.unit[0] = '\0';
    assert_non_null(strstr(ixs_instrument_energy_complaint(&instrument), "unit"));
    instrument.reflection[0] = '\0';
    assert_non_null(strstr(ixs_instrument_energy_complaint(&instrument), "reflection"));
}

/* ---- ID28's real scans ----------------------------------------------------------------------- */

static double id28_recipe(double difference)
{
    const double reflected = 9.0 * 1000.0 * 12398.483903 / (2.0 * 5.43102088 / sqrt(3.0));
    return (2.581e-6 * difference + 0.008e-6 * difference * difference) * reflected;
}

static struct spec_read read_cac6(void)
{
    const char *root = getenv("IXS_ROOT");
    char path[4200];
    snprintf(path, sizeof path, "%s/../shared/spectra/id28/CaC6_scans4_84_87.spec",
             root ? root : ".");
    struct stat status;
    if (stat(path, &status) != 0) {
        printf("# skipped: no file %s\n", path);
        skip();
    }
    struct spec_read read = read_spec(path, NULL);
    assert_true(read.ok && read.count == 3);
    return read;
}

/* From the set points: 19.16 degC is the first, 17.84 degC the last, analyzers at 22.01 degC. */
static void test_cac6_set_points(void **state)
{
    (void)state;
    struct spec_read read = read_cac6();
    const struct ixs_raw *raw = &read.scans[1].raw;
    struct ixs_instrument instrument;
    read_shipped(&instrument, "id28");
    instrument.thermal.mono[0] = '\0';
    struct ixs_axis axis;
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(ixs_axis_open(&axis, raw, "scan", &instrument, &err));
    double first = ixs_axis_energy(&axis, raw->values);
    double last = ixs_axis_energy(&axis, raw->values + (raw->npoints - 1) * raw->nlabels);
    assert_near(first, 130.07, 0.01);
    assert_near(last, 189.90, 0.01);
    assert_near(id28_recipe(22.01 - 19.16) - first, 1.9, 0.1);
    assert_near(id28_recipe(22.01 - 17.84) - last, 4.1, 0.1);
    free_spec(&read);
}

static void test_cac6_thermistors(void **state)
{
    (void)state;
    struct spec_read read = read_cac6();
    const struct ixs_raw *raw = &read.scans[1].raw;
    struct ixs_instrument instrument;
    struct ixs_axis axis;
    struct ixs_notes notes = {0};
    struct ixs_err err = IXS_ERR_NONE;
    read_shipped(&instrument, "id28");
    assert_true(ixs_axis_open(&axis, raw, "scan", &instrument, &err));
    assert_near(axis.reference - 273.15, 22.01, 1e-9);
    assert_near(axis.reading - 273.15, 16.11, 0.02);
    assert_near(axis.mismatch, 0.0110, 0.0002);
    assert_near(axis.error, 0.0110, 0.0002); /* far above the 0.0008 of alpha */
    ixs_axis_tell(&axis, raw, "scan", &notes);
    assert_true(noted(&notes, "read 16.13 degC, but 22.01 degC is stated"));
    assert_true(noted(&notes, "1.10 % larger than by Temperature"));
    /* their own temperature for alpha: 2 % less */
    ixs_axis_choose(&axis, raw, &instrument.analyzers[0]);
    double stated = ixs_axis_energy(&axis, raw->values);
    axis.reference = NAN;
    double own = ixs_axis_energy(&axis, raw->values);
    assert_near(stated, 139.86, 0.01);
    assert_near(1.0 - own / stated, 0.0191, 0.0002);
    ixs_notes_dispose(&notes);
    free_spec(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thermistors),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_ways),
        cmocka_unit_test(test_complaints),
        cmocka_unit_test(test_cac6_set_points),
        cmocka_unit_test(test_cac6_thermistors),
    };
    return cmocka_run_group_tests_name("axis", tests, NULL, NULL);
}
