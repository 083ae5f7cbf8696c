/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stands in EXPOSURE beside time and monitor: polarization, form factor, slab, attenuators;
 * limits, symmetries, published numbers, integration, and what the files may say of them.
 */
#include "calib/experiment/absorption.h"
#include "calib/instrument/attenuator.h"
#include "calib/instrument/polarization.h"
#include "models/crystal/formfactor.h"
#include "tests/reduction_scene.h"
#include "tests/shipped.h"

#include <unistd.h>

/* ---- polarization ---------------------------------------------------------------------------- */

static void test_polarization(void **state)
{
    (void)state;
    struct ixs_polarization beam = {"", 1};
    struct ixs_angles at = {.two_theta = 35};
    assert_near(ixs_polarization(&beam, &at), 1.0, 0.0);
    ixs_copy(beam.direction, sizeof beam.direction, "horizontal");
    assert_near(ixs_polarization(&beam, &at), 0.67, 2e-3); /* 35 and 52 deg */
    at.two_theta = 52;
    assert_near(ixs_polarization(&beam, &at), 0.38, 2e-3);
    at.two_theta = 90;
    assert_near(ixs_polarization(&beam, &at), 0.0, 1e-15);
    at.gamma = 30;
    assert_near(ixs_polarization(&beam, &at), 0.25, 1e-15); /* 1 - sin^2 tth cos^2 gamma */
    ixs_copy(beam.direction, sizeof beam.direction, "vertical");
    assert_near(ixs_polarization(&beam, &at), 0.75, 1e-15);
    /* half and half: (1 + cos^2 of the scattering angle)/2, whatever the tilts */
    beam.degree = 0;
    at = (struct ixs_angles){.two_theta = 47, .gamma = 12, .mu = -3};
    double cosine = cos(ixs_geometry_scattering(&at) * IXS_DEGREE);
    assert_near(ixs_polarization(&beam, &at), (1 + cosine * cosine) / 2, 1e-12);
}

/* ---- form factors ---------------------------------------------------------------------------- */

static void test_atoms(void **state)
{
    (void)state;
    assert_int_equal(ixs_natoms, 98);
    for (size_t z = 1; z <= ixs_natoms; z++) {
        const struct ixs_atom *atom = &ixs_atoms[z - 1];
        assert_near(ixs_atom_f0(atom, 0), (double)z, 0.04);
        for (double q = 0.5; q < 75; q += 0.5) /* falls, but for what the fit leaves */
            assert_true(ixs_atom_f0(atom, q) < ixs_atom_f0(atom, q - 0.5) + 0.01);
        assert_ptr_equal(ixs_atom_find(atom->symbol), atom);
    }
    assert_ptr_equal(ixs_atom_find("cl"), &ixs_atoms[16]);
    assert_null(ixs_atom_find("Xx"));
    assert_true(isnan(ixs_atom_f0(&ixs_atoms[0], 76)));
    assert_true(isnan(ixs_atom_f0(&ixs_atoms[0], NAN)));
}

/* Hydrogen is known exactly: f = (1 + (Q a0/2)^2)^-2. Others: International Tables C (2004), tables
 * 6.1.1.1 and (Cu) 6.1.1.4, at s = 0.5/Angstrom. */
static void test_known_atoms(void **state)
{
    (void)state;
    for (double q = 0; q < 8; q += 0.25) {
        double x = 1 + q * q * 0.529177 * 0.529177 / 4;
        assert_near(ixs_atom_f0(ixs_atom_find("H"), q), 1 / (x * x), 2e-3);
    }
    const struct {
        const char *symbol;
        double f;
    } table[] = {{"C", 1.685}, {"O", 2.338}, {"Si", 6.24}, {"Cu", 13.70}};
    for (size_t i = 0; i < IXS_COUNT(table); i++)
        assert_near(ixs_atom_f0(ixs_atom_find(table[i].symbol), 2 * IXS_PI), table[i].f,
                    0.01 * table[i].f + 0.02);
}

static void test_form_factor(void **state)
{
    (void)state;
    struct ixs_scatterer water[2] = {{ixs_atom_find("H"), 2, 0, 0}, {ixs_atom_find("O"), 1, 0, 0}};
    assert_near(ixs_form_factor(2, water, 0), 1.0, 1e-15);
    double h = ixs_atom_f0(water[0].atom, 3), o = ixs_atom_f0(water[1].atom, 3);
    double h0 = ixs_atom_f0(water[0].atom, 0), o0 = ixs_atom_f0(water[1].atom, 0);
    assert_near(ixs_form_factor(2, water, 3), (2 * h * h + o * o) / (2 * h0 * h0 + o0 * o0), 1e-12);
    assert_near(ixs_form_factor(1, water + 1, -3), o * o / (o0 * o0), 1e-12);
    water[1].real = 0.5;
    water[1].imaginary = 2;
    assert_near(ixs_form_factor(1, water + 1, 3),
                ((o + 0.5) * (o + 0.5) + 4) / ((o0 + 0.5) * (o0 + 0.5) + 4), 1e-12);
}

/* ---- slabs ----------------------------------------------------------------------------------- */

/* Light scattered at each depth, added up. */
static double layers(double thickness, double length, double in, double out)
{
    enum { steps = 20000 };
    double sum = 0;
    for (int i = 0; i < steps; i++) {
        double depth = thickness * (i + 0.5) / steps;
        double left = in * out > 0 ? thickness - depth : depth;
        sum += exp(-depth / (length * fabs(in)) - left / (length * fabs(out)));
    }
    return sum / steps / fabs(in);
}

static void test_slab(void **state)
{
    (void)state;
    struct ixs_slab slab = {.thickness = 0.3, .length = 0.4};
    struct ixs_angles at = {.two_theta = 40, .theta = 15};
    double c40 = cos(40 * IXS_DEGREE);
    assert_near(ixs_absorption(&slab, &at, NULL), layers(0.3, 0.4, 1, c40), 1e-8);
    at.two_theta = 0;
    assert_near(ixs_absorption(&slab, &at, NULL), exp(-0.75), 1e-15);
    at.two_theta = 130; /* scattered back out of the face that it came in by */
    assert_near(ixs_absorption(&slab, &at, NULL), layers(0.3, 0.4, 1, -cos(50 * IXS_DEGREE)), 1e-8);
    slab.length = 1e9;
    assert_near(ixs_absorption(&slab, &at, NULL), 1.0, 1e-8);

    /* turning with theta: the beam runs along -y, and so does the normal at theta = 0 */
    slab = (struct ixs_slab){.thickness = 0.3, .length = 0.4, .normal = {0, -2, 0}, .turns = true};
    at = (struct ixs_angles){.two_theta = 40, .theta = 20, .sixcircle = true};
    double half = cos(20 * IXS_DEGREE); /* symmetric */
    assert_near(ixs_absorption(&slab, &at, NULL), exp(-0.75 / half) / half, 1e-12);
    at.theta = -10;
    assert_near(ixs_absorption(&slab, &at, NULL),
                layers(0.3, 0.4, cos(10 * IXS_DEGREE), cos(50 * IXS_DEGREE)), 1e-8);
    at.theta = 110; /* the scattered beam leaves by the face that the beam came in by */
    assert_near(ixs_absorption(&slab, &at, NULL),
                layers(0.3, 0.4, cos(110 * IXS_DEGREE), cos(70 * IXS_DEGREE)), 1e-8);
    at.sixcircle = false; /* the other frame has y and z turned about */
    slab.normal[1] = 2;
    assert_near(ixs_absorption(&slab, &at, NULL),
                layers(0.3, 0.4, cos(110 * IXS_DEGREE), cos(70 * IXS_DEGREE)), 1e-8);
    slab.hkl = true;
    assert_true(isnan(ixs_absorption(&slab, &at, NULL)));
    struct ixs_crystal crystal;
    const double ub[9] = {0, 0, 1, 0.5, 0, 0, 0, 1, 0}; /* (1 0 0) is along y */
    assert_true(ixs_crystal_set(&crystal, ub, "P"));
    slab.normal[0] = 3;
    slab.normal[1] = 0;
    assert_near(ixs_absorption(&slab, &at, &crystal),
                layers(0.3, 0.4, cos(110 * IXS_DEGREE), cos(70 * IXS_DEGREE)), 1e-8);
}

/* ---- attenuators ----------------------------------------------------------------------------- */

static void test_attenuators(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    struct ixs_instrument *instrument = &scene->experiment.instrument;
    assert_near(ixs_attenuator_transmission(instrument, &scene->raw, 3), 1.0, 0.0);
    instrument->nattenuators = 2;
    instrument->attenuators[0] = (struct ixs_attenuator){.place = IXS_PLACE_COLUMN,
                                                         .tolerance = 0.1,
                                                         .settings = {{0, 1}, {2, 0.02}},
                                                         .nsettings = 2};
    instrument->attenuators[1] = (struct ixs_attenuator){.place = IXS_PLACE_COLUMN};
    ixs_copy(instrument->attenuators[0].name, 49, "T");
    ixs_copy(instrument->attenuators[1].name, 49, "A2");
    *cell(scene, 3, "T") = 2.05;
    *cell(scene, 3, "A2") = 0.5;
    assert_near(ixs_attenuator_transmission(instrument, &scene->raw, 3), 0.01, 1e-15);
    *cell(scene, 3, "T") = 1.0;
    assert_true(isnan(ixs_attenuator_transmission(instrument, &scene->raw, 3)));
    *cell(scene, 3, "T") = 0.0;
    *cell(scene, 3, "A2") = 1.5;
    assert_true(isnan(ixs_attenuator_transmission(instrument, &scene->raw, 3)));
    instrument->nattenuators = 1;
    instrument->attenuators[0].place = IXS_PLACE_MOTOR;
    assert_true(isnan(ixs_attenuator_transmission(instrument, &scene->raw, 3)));
    must_reduce(scene);
    assert_int_equal(scene->spectra.points[0].flags, IXS_FLAG_ATTENUATOR);
    assert_true(noted(scene, "flagged attenuator"));
    free_scene(scene);
}

/* ---- in a reduction -------------------------------------------------------------------------- */

static void test_reduced(void **state)
{
    (void)state;
    struct scene *scene = make_scene(), *plain = make_scene();
    struct ixs_experiment *experiment = &scene->experiment;
    ixs_copy(experiment->instrument.polarization.direction, 11, "horizontal");
    experiment->instrument.polarization.degree = 1;
    experiment->scatterers[0] = (struct ixs_scatterer){ixs_atom_find("Os"), 1, 0, 0};
    experiment->nscatterers = 1;
    experiment->slab = (struct ixs_slab){.thickness = 0.1, .length = 0.1};
    must_reduce(plain);
    must_reduce(scene);
    for (size_t a = 0; a < 2; a++) {
        const struct ixs_spectrum *one = &scene->spectra.spectra[a];
        struct ixs_angles at = {.two_theta = one->two_theta};
        double sine = sin(one->two_theta * IXS_DEGREE);
        assert_near(one->polarization, 1 - sine * sine, 1e-12);
        assert_near(one->form_factor, ixs_form_factor(1, experiment->scatterers, one->q), 1e-15);
        assert_near(one->absorption, ixs_absorption(&experiment->slab, &at, NULL), 1e-15);
        assert_near(one->efficiency, 1.0, 0.0);
        double factor = one->polarization * one->form_factor * one->absorption;
        const struct ixs_point *point = &scene->spectra.points[a * POINTS];
        const struct ixs_point *before = &plain->spectra.points[a * POINTS];
        assert_near(point->exposure / before->exposure, factor, 1e-12);
        assert_near(point->counts, before->counts, 0.0);
        assert_near(point->intensity * factor, before->intensity, 1e-9 * before->intensity);
        assert_near(plain->spectra.spectra[a].polarization, 1.0, 0.0);
    }
    free_scene(scene);
    free_scene(plain);
}

/* ---- files ----------------------------------------------------------------------------------- */

static bool read_text(struct ixs_experiment *out, const char *text, struct ixs_err *err)
{
    return read_between(out, "", text, "", err);
}

static void test_files(void **state)
{
    (void)state;
    struct ixs_experiment experiment = {0};
    struct ixs_err err;
    assert_true(read_text(
        &experiment,
        "<experiment><instrument><monitor><dead_time unit='s'>1e-6</dead_time>"
        "<dark_rate unit='count/s'>3</dark_rate><noise>0.2</noise></monitor>"
        "<attenuators><attenuator><motor>abs wheel</motor><tolerance>0.4</tolerance>"
        "<setting at='1' transmission='1'/><setting at='2' transmission='0.1'/></attenuator>"
        "<attenuator><column>trans</column></attenuator></attenuators>"
        "<polarization><direction>vertical</direction><degree>0.9</degree></polarization>"
        "</instrument><sample><form_factor><atom element='H' count='2'/>"
        "<atom element='o' real='0.01' imaginary='0.006'/></form_factor>"
        "<slab><thickness unit='mm'>2</thickness><absorption_length unit='mm'>9</absorption_length>"
        "<normal in='hkl' x='1' y='1' z='0'/></slab></sample></experiment>",
        &err));
    const struct ixs_instrument *instrument = &experiment.instrument;
    assert_near(instrument->monitoring.dead_time, 1e-6, 0.0);
    assert_near(instrument->monitoring.dark_rate, 3, 0.0);
    assert_near(instrument->monitoring.noise, 0.2, 0.0);
    assert_int_equal(instrument->nattenuators, 2);
    assert_string_equal(instrument->attenuators[0].name, "abs wheel");
    assert_int_equal(instrument->attenuators[0].nsettings, 2);
    assert_near(instrument->attenuators[0].settings[1].transmission, 0.1, 0.0);
    assert_int_equal(instrument->attenuators[1].place, IXS_PLACE_COLUMN);
    assert_string_equal(instrument->polarization.direction, "vertical");
    assert_near(instrument->polarization.degree, 0.9, 0.0);
    assert_int_equal(experiment.nscatterers, 2);
    assert_string_equal(experiment.scatterers[1].atom->symbol, "O");
    assert_near(experiment.scatterers[0].count, 2, 0.0);
    assert_near(experiment.scatterers[1].imaginary, 0.006, 0.0);
    assert_true(experiment.slab.turns && experiment.slab.hkl);
    assert_near(experiment.slab.length, 9, 0.0);
    ixs_experiment_dispose(&experiment);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct refusal cases[] = {
        {"<experiment><sample>\n<form_factor><atom element='Qq'/></form_factor></sample>"
         "</experiment>",
         ":2", "found element Qq"},
        {"<experiment><instrument><attenuators><attenuator><motor>f</motor>"
         "<tolerance>0.5</tolerance>\n<setting at='1' transmission='1'/>\n"
         "<setting at='2' transmission='0.1'/></attenuator></attenuators></instrument>"
         "</experiment>",
         ":3", "found settings at 1 and 2"},
        {"<experiment><instrument><attenuators><attenuator><motor>f</motor>\n"
         "<setting at='1' transmission='1.5'/></attenuator></attenuators></instrument>"
         "</experiment>",
         ":2", "1.5"},
        {"<experiment><sample>\n<slab><thickness unit='mm'>2</thickness><absorption_length "
         "unit='mm'>9</absorption_length><normal in='hkl' x='0' y='0' z='0'/></slab></sample>"
         "</experiment>",
         ":2", "found a normal of length 0"},
        {"<experiment><sample>\n<slab><thickness unit='mm'>2</thickness></slab></sample>"
         "</experiment>",
         ":2", "absorption_length"},
    };
    assert_refused(IXS_COUNT(cases), cases, "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_polarization), cmocka_unit_test(test_atoms),
        cmocka_unit_test(test_known_atoms),  cmocka_unit_test(test_form_factor),
        cmocka_unit_test(test_slab),         cmocka_unit_test(test_attenuators),
        cmocka_unit_test(test_reduced),      cmocka_unit_test(test_files),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests_name("factors", tests, NULL, NULL);
}
