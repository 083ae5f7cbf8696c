/* SPDX-License-Identifier: GPL-3.0-or-later
 * The elastic area and what it is told apart from; moments of S(E); the temperature of detailed
 * balance. Statistics at length: bench/elastic.c, bench/balance.c.
 */
#include "models/fit/elastic.h"
#include "models/crystal/mass.h"
#include "models/line/moments.h"
#include "models/thermal/balance.h"
#include "tests/fit_sample.h"
#include "tests/near.h"

#include <string.h>

static struct ixs_fit_space *new_space(void)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_space *space = NULL;
    assert_true(ixs_fit_space_new(&space, POINTS, &err));
    return space;
}

static struct ixs_elastic judge(const struct ixs_fit_task *task, struct ixs_fit_answer *answer)
{
    struct ixs_fit_space *space = new_space();
    struct ixs_elastic elastic;
    assert_null(ixs_fit_complaint(task));
    ixs_fit_run(space, task, answer);
    ixs_elastic_judge(space, task, answer, &elastic);
    ixs_fit_space_free(space);
    return elastic;
}

/* ---- the area -------------------------------------------------------------------------------- */

static void test_alone(void **state)
{
    (void)state;
    const double truth[] = {0.03, 5.0, 0.02, 12.0, 1.5, 2.0};
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 1, truth);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    struct ixs_elastic elastic = judge(&task, &answer);
    assert_int_equal(elastic.status, IXS_ELASTIC_GOOD);
    assert_int_equal(elastic.partner, IXS_ELASTIC_ALONE);
    assert_near(elastic.area, 5.0, 0.1 * elastic.err);
    assert_near(elastic.err, answer.elastic_err, 0.05 * elastic.err);
    assert_true(elastic.lo < 5.0 && elastic.hi > 5.0 && elastic.ul90 > elastic.hi);
    assert_true(isnan(elastic.central));
}

static void test_none(void **state)
{
    (void)state;
    const double truth[] = {0.03, 1e-9, 0.02, 12.0, 1.5, 2.0};
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 1, truth);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    struct ixs_elastic elastic = judge(&task, &answer);
    assert_int_equal(elastic.status, IXS_ELASTIC_LIMIT);
    assert_true(elastic.lo == 0.0 && elastic.ul90 > 0.0 && elastic.ul90 < 0.1);
}

/* The deviance at the ends of the interval, by fits with the area held there, is up by 1. */
static void test_interval(void **state)
{
    (void)state;
    const double truth[] = {0.03, 2.0, 0.02, 1.6, 0.4, 1.5};
    struct spectrum spectrum;
    struct ixs_fit_answer answer, held;
    expect(&spectrum, 300.0, 1, truth);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    struct ixs_elastic elastic = judge(&task, &answer);
    const double ends[] = {elastic.lo, elastic.hi};
    for (int e = 0; e < 2; e++) {
        struct ixs_fit_given given[6];
        for (int k = 0; k < 6; k++)
            given[k] = IXS_FIT_GIVEN;
        given[IXS_MODEL_ELASTIC].lower = given[IXS_MODEL_ELASTIC].upper = ends[e];
        task.start = answer.parameters;
        task.given = given;
        run(&task, &held);
        double miss = (held.parameters[IXS_MODEL_ZERO] - task.zero) / task.zero_err;
        double own = (answer.parameters[IXS_MODEL_ZERO] - task.zero) / task.zero_err;
        assert_near(held.deviance + miss * miss - answer.deviance - own * own, 1.0, 0.15);
    }
}

static struct ixs_elastic quasielastic(double width, struct ixs_fit_answer *answer)
{
    const double truth[] = {0.02, 3.0, 0.02, 4.0, width, 12.0, 1.5, 2.0};
    const struct ixs_model_form form = {.quasielastic = true};
    struct spectrum spectrum;
    expect_form(&spectrum, 300.0, &form, 1, truth);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    task.form = form;
    return judge(&task, answer);
}

/* A quasi-elastic line much narrower than the response (1.5 meV), and one that is wider. */
static void test_quasielastic(void **state)
{
    (void)state;
    struct ixs_fit_answer answer;
    struct ixs_elastic narrow = quasielastic(0.02, &answer), wide = quasielastic(3.0, &answer);
    assert_int_equal(narrow.partner, IXS_ELASTIC_QUASIELASTIC);
    assert_int_equal(narrow.status, IXS_ELASTIC_INSEPARABLE);
    assert_near(narrow.central, 7.0, 0.1);
    assert_true(narrow.central_err > 0.0 && narrow.central_err < 0.3);
    assert_true(narrow.without < 0.5 && narrow.without_other < 0.5);
    assert_int_equal(wide.status, IXS_ELASTIC_GOOD);
    assert_near(wide.area, 3.0, 0.3 * wide.err);
    assert_true(wide.without > 10.0 && wide.without_other > 10.0);
}

/* The same with an overdamped mode whose relaxation is slow. */
static void test_overdamped(void **state)
{
    (void)state;
    const double slow[] = {0.02, 1.0, 0.02, 2.0, 80.0, 0.03};
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 1, slow);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    task.nmodes = 1;
    struct ixs_elastic elastic = judge(&task, &answer);
    assert_int_equal(elastic.partner, 0);
    assert_int_equal(elastic.status, IXS_ELASTIC_INSEPARABLE);
    assert_true(elastic.lo == 0.0);
}

/* A mode that the choice of their number leaves out is in the interval all the same. */
static void test_hidden(void **state)
{
    (void)state;
    const double truth[] = {0.0, 1.4, 0.02, 1.5, 0.3, 0.0045};
    struct spectrum spectrum;
    struct ixs_fit_answer answer;
    expect(&spectrum, 300.0, 1, truth);
    struct ixs_fit_task task = task_of(&spectrum, POINTS);
    struct ixs_fit_answer plain;
    run(&task, &plain);
    assert_int_equal(plain.nmodes, 0);
    assert_true(plain.elastic - plain.elastic_err > 1.4);
    struct ixs_elastic elastic = judge(&task, &answer);
    assert_true(elastic.lo < 1.4 && elastic.hi > 1.4);
}

/* ---- moments --------------------------------------------------------------------------------- */

static struct ixs_fit_answer answer_of(const struct ixs_model_form *form, size_t nmodes,
                                       const double *parameters)
{
    struct ixs_fit_answer answer = {.form = *form, .nmodes = nmodes};
    answer.first_mode = ixs_model_first_mode(form);
    answer.nparameters = ixs_model_nparameters(form, nmodes);
    memcpy(answer.parameters, parameters, answer.nparameters * sizeof *parameters);
    return answer;
}

/* Int E^power S dE of the lines of an answer by the midpoint rule in a stretched coordinate. */
static double plain_moment(const struct ixs_fit_answer *answer, double kelvin, int power,
                           double reach)
{
    enum { STEPS = 400000 };
    const double *quasi = answer->parameters + IXS_MODEL_BACKGROUND + 1, *mode;
    double sum = 0.0, top = asinh(reach);
    for (int i = 0; i < STEPS; i++) {
        double u = top * (2.0 * (i + 0.5) / STEPS - 1.0), e = sinh(u), s = 0.0;
        for (size_t k = 0; k < answer->nmodes; k++) {
            mode = answer->parameters + answer->first_mode + IXS_MODEL_PER_MODE * k;
            s += mode[2] * ixs_line_value(IXS_LINE_DHO, mode, kelvin, e);
        }
        if (answer->form.quasielastic)
            s += quasi[0] * ixs_line_value(IXS_LINE_QUASIELASTIC, quasi + 1, kelvin, e);
        if (answer->form.interaction)
            s += 0.5 * quasi[0] * quasi[1] *
                 ixs_line_value(IXS_LINE_INTERACTION, answer->parameters + answer->first_mode,
                                kelvin, e);
        sum += pow(e, power) * s * cosh(u);
    }
    return sum * 2.0 * top / STEPS;
}

static void check_slopes(const struct ixs_fit_answer *answer, double kelvin,
                         const struct ixs_moments *moments)
{
    for (size_t k = 0; k < answer->nparameters; k++) {
        struct ixs_fit_answer more = *answer;
        struct ixs_moments there;
        double step = 1e-5 * fmax(1.0, fabs(answer->parameters[k]));
        more.parameters[k] += step;
        ixs_moments_of(&more, kelvin, 1.5, 40.0, &there);
        assert_near(moments->first_by[k], (there.first - moments->first) / step,
                    1e-3 * moments->first);
        if (isfinite(moments->zeroth))
            assert_near(moments->zeroth_by[k], (there.zeroth - moments->zeroth) / step,
                        1e-3 * moments->zeroth);
    }
}

static void test_moments(void **state)
{
    (void)state;
    const struct ixs_model_form none = {0}, triplet = {.quasielastic = true, .interaction = true};
    const double two[] = {0.0, 1.0, 0.1, 6.0, 2.0, 1.5, 14.0, 5.0, 0.7};
    const double liquid[] = {0.0, 0.0, 0.1, 4.0, 3.0, 9.0, 6.0, 2.0};
    struct ixs_moments moments;
    struct ixs_fit_answer answer = answer_of(&none, 2, two);
    ixs_moments_of(&answer, 120.0, 1.5, 40.0, &moments);
    assert_near(moments.zeroth, plain_moment(&answer, 120.0, 0, 1e5), 2e-4 * moments.zeroth);
    assert_near(moments.first, 6.0 * 1.5 + 14.0 * 0.7, 1e-12);
    assert_near(moments.first, plain_moment(&answer, 120.0, 1, 1e6), 1e-3 * moments.first);
    assert_near(moments.truncated, 1.0 - plain_moment(&answer, 120.0, 1, 40.0) / moments.first,
                1e-5);
    check_slopes(&answer, 120.0, &moments);
    answer = answer_of(&triplet, 1, liquid);
    ixs_moments_of(&answer, 300.0, 1.5, 40.0, &moments);
    assert_near(moments.first, plain_moment(&answer, 300.0, 1, 1e6), 1e-3 * moments.first);
    check_slopes(&answer, 300.0, &moments);
}

/* Those that are not meant. */
static void test_no_moments(void **state)
{
    (void)state;
    const struct ixs_model_form line = {.quasielastic = true}, none = {0};
    const double parameters[] = {0.0, 1.0, 0.1, 4.0, 3.0, 9.0, 6.0, 2.0};
    const double one[] = {0.0, 1.0, 0.1, 6.0, 2.0, 1.5};
    struct ixs_moments moments;
    struct ixs_fit_answer answer = answer_of(&line, 1, parameters);
    ixs_moments_of(&answer, 300.0, 1.5, 40.0, &moments);
    assert_true(isnan(moments.first) && isnan(moments.zeroth) && isnan(moments.truncated));
    answer = answer_of(&none, 1, one);
    ixs_moments_of(&answer, (double)NAN, 1.5, 40.0, &moments);
    assert_true(isnan(moments.first));
    answer.parameters[4] = 13.0; /* overdamped */
    ixs_moments_of(&answer, 300.0, 1.5, 40.0, &moments);
    assert_true(isnan(moments.first) && isfinite(moments.zeroth));
    answer.parameters[4] = 2.0;
    answer.states[5] = IXS_SOLVE_INSEPARABLE;
    ixs_moments_of(&answer, 300.0, 1.5, 40.0, &moments);
    assert_true(isnan(moments.first));
}

static void test_weights(void **state)
{
    (void)state;
    const double energy[] = {3.0, -1.0, 2.0, 0.5, 2.0};
    double weight[5], sum = 0.0, first = 0.0;
    size_t order[5];
    ixs_moments_weights(5, energy, order, weight);
    for (int i = 0; i < 5; i++) {
        sum += weight[i];
        first += weight[i] * energy[i];
    }
    assert_near(sum, 4.0, 1e-14);
    assert_near(first, 4.0, 1e-14); /* (9 - 1)/2: exact for straight lines */
    ixs_moments_weights(1, energy, order, weight);
    assert_near(weight[0], 0.0, 0.0);
}

/* Lead telluride: by the squares of its form factors, at Q = 0 those of its electrons. */
static void test_mass(void **state)
{
    (void)state;
    const struct ixs_scatterer salt[] = {{ixs_atom_find("Pb"), 1.0, 0.0, 0.0},
                                         {ixs_atom_find("Te"), 1.0, 0.0, 0.0}};
    double lead = 82.0 * 82.0, tellurium = 52.0 * 52.0;
    assert_near(ixs_scatterers_mass(2, salt, 0.0),
                (lead + tellurium) / (lead / 207.2 + tellurium / 127.6), 0.05);
    assert_near(ixs_scatterers_mass(1, salt, 3.0), 207.2, 1e-12);
    assert_true(isnan(ixs_scatterers_mass(0, salt, 3.0)));
    for (size_t i = 0; i + 1 < ixs_natoms; i++) /* all are known, rising but for five pairs */
        assert_true(ixs_atom_mass(&ixs_atoms[i + 1]) > ixs_atom_mass(&ixs_atoms[i]) - 3.0);
}

/* ---- detailed balance ------------------------------------------------------------------------ */

struct ixs_balance_scene { /* what is read, and through which response */
    double kelvin, told;   /* K: true, and as the thermometer says */
    size_t first, n;       /* points */
    const struct ixs_response *through;
    const struct ixs_uncertain *uncertain;
};

static struct ixs_balance read_scene(const struct ixs_balance_scene *scene)
{
    const double truth[] = {0.02, 3.0, 0.01, 7.0, 1.0, 3.0};
    struct ixs_fit_space *space = new_space();
    struct ixs_balance out;
    struct ixs_fit_answer answer;
    struct ixs_transforms transforms;
    struct spectrum spectrum;
    expect(&spectrum, scene->kelvin, 1, truth);
    struct ixs_fit_task task = task_of(&spectrum, scene->n);
    task.points.energy += scene->first;
    task.points.counts += scene->first;
    task.points.exposure += scene->first;
    task.nmodes = 1;
    task.kelvin = scene->told;
    task.response = *scene->through;
    ixs_transforms_make(&transforms, scene->through);
    task.transforms = &transforms;
    ixs_fit_run(space, &task, &answer);
    ixs_balance_read(space, &task, scene->uncertain, &answer, &out);
    ixs_fit_space_free(space);
    return out;
}

static struct ixs_balance balance(double kelvin, double told, size_t first, size_t n,
                                  const struct ixs_uncertain *uncertain)
{
    const struct ixs_balance_scene scene = {kelvin, told, first, n, &response, uncertain};
    return read_scene(&scene);
}

static void test_balance(void **state)
{
    (void)state;
    static const double kelvins[] = {50.0, 100.0, 300.0, 600.0};
    const struct ixs_uncertain exact = {0};
    for (int i = 0; i < 4; i++) {
        struct ixs_balance out = balance(kelvins[i], kelvins[i], 0, POINTS, &exact);
        assert_near(out.kelvin, kelvins[i], 0.1 * out.err);
        assert_true(out.lo < kelvins[i] && out.hi > kelvins[i]);
        assert_string_equal(out.reason, "");
    }
}

/* A thermometer that is off, or none, does not matter. */
static void test_no_thermometer(void **state)
{
    (void)state;
    const struct ixs_uncertain exact = {0};
    const double told[] = {50.0, 1000.0, (double)NAN};
    struct ixs_balance right = balance(200.0, 200.0, 0, POINTS, &exact);
    for (int i = 0; i < 3; i++) {
        struct ixs_balance out = balance(200.0, told[i], 0, POINTS, &exact);
        assert_near(out.kelvin, right.kelvin, 0.2 * right.err);
        assert_near(out.err, right.err, 0.1 * right.err);
    }
}

/* Of one side alone none is told: from 0 on, and to below the peak on the other side. */
static void test_one_side(void **state)
{
    (void)state;
    const struct ixs_uncertain exact = {0};
    struct ixs_balance out = balance(300.0, 300.0, 41, POINTS - 41, &exact);
    assert_true(isnan(out.kelvin) && isnan(out.err));
    assert_string_equal(out.reason, "only one side was measured");
}

/* A response whose second part may stand elsewhere: the error grows by what a moved one reads. */
static void test_balance_response(void **state)
{
    (void)state;
    const double sigma = 0.3;
    const struct ixs_uncertain exact = {0};
    struct ixs_uncertain uncertain;
    struct ixs_err err = IXS_ERR_NONE;
    double covariance[64] = {0};
    struct ixs_response moved = response;
    covariance[5 * 8 + 5] = sigma * sigma;
    moved.parts[1].center += sigma;
    assert_true(ixs_uncertain_make(&uncertain, &response, covariance, &err));
    const struct ixs_balance_scene other = {300.0, 300.0, 0, POINTS, &moved, &exact};
    struct ixs_balance plain = balance(300.0, 300.0, 0, POINTS, &exact);
    struct ixs_balance wide = balance(300.0, 300.0, 0, POINTS, &uncertain);
    double shift = read_scene(&other).kelvin - plain.kelvin;
    ixs_uncertain_dispose(&uncertain);
    assert_near(wide.kelvin, plain.kelvin, 1e-6);
    assert_near(sqrt(wide.err * wide.err - plain.err * plain.err), fabs(shift), 0.2 * fabs(shift));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alone),      cmocka_unit_test(test_none),
        cmocka_unit_test(test_interval),   cmocka_unit_test(test_quasielastic),
        cmocka_unit_test(test_overdamped), cmocka_unit_test(test_hidden),
        cmocka_unit_test(test_moments),    cmocka_unit_test(test_no_moments),
        cmocka_unit_test(test_weights),    cmocka_unit_test(test_mass),
        cmocka_unit_test(test_balance),    cmocka_unit_test(test_no_thermometer),
        cmocka_unit_test(test_one_side),   cmocka_unit_test(test_balance_response)};
    return cmocka_run_group_tests_name("elastic", tests, NULL, NULL);
}
