/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures: what goes into a gnuplot script is data or quoted text whatever a product holds, panels
 * and ranges, gnuplot as a child, and the ancestry in words.
 */
#include "tests/near.h"

#include "base/array.h"
#include "tests/view_scene.h"

#include "view/plot/frame.h"
#include "view/plot/page.h"
#include "view/show/show.h"

#include <signal.h>

static void test_quote(void **state)
{
    (void)state;
    static const struct {
        const char *text, *quoted;
    } cases[] = {
        {"Ana7", "'Ana7'"},
        {"it's", "'it''s'"},
        {"'; system('touch x') #", "'''; system(''touch x'') #'"},
        {"`touch x` $x \\n @m", "'`touch x` $x \\n @m'"},
        {"two\nlines\tand\177", "'two?lines?and?'"},
        {"Å⁻¹ χ²", "'Å⁻¹ χ²'"},
        {"\xc3", "'?'"},
        {"\xff\xfe"
         "a",
         "'??a'"},
        {"", "''"},
    };
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        char *text = NULL;
        size_t size = 0;
        struct ixs_script script = {.out = open_memstream(&text, &size)};
        ixs_script_quote(&script, cases[i].text);
        fclose(script.out);
        assert_string_equal(text, cases[i].quoted);
        free(text);
    }
}

static void test_numbers(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    struct ixs_script script = {.out = open_memstream(&text, &size)};
    ixs_script_pair(&script, NAN, -INFINITY);
    ixs_script_pair(&script, 0.1, 1e-300);
    fclose(script.out);
    assert_string_equal(text, " NaN NaN\n 0.1 1e-300\n");
    free(text);
}

/* A legend of two rows does not stand on the axes. */
static void test_legend(void **state)
{
    (void)state;
    const struct ixs_plot_choice choice = {.picture = IXS_PICTURE_SVG};
    const struct ixs_heading heading = {.title = "two spectra"};
    static const struct ixs_legend legend[8] = {{"lines", "quasi-elastic"},
                                                {"lines", "2"},
                                                {"lines", "3"},
                                                {"lines", "4"},
                                                {"lines", "5"},
                                                {"lines", "6"},
                                                {"lines", "7"},
                                                {"lines", "8"}};
    double low[2], high[2];
    for (int k = 0; k < 2; k++) {
        char *text = NULL;
        size_t size = 0;
        struct ixs_page page;
        struct ixs_script script = {.out = open_memstream(&text, &size)};
        ixs_page_begin(&script, &choice, 2, &page);
        ixs_page_head(&script, &page, &heading, k == 0 ? 3 : 8, legend);
        low[k] = page.grid.y;
        high[k] = page.grid.y + page.grid.height;
        fclose(script.out);
        free(text);
    }
    assert_true(low[1] > low[0] + 10);
    assert_near(high[1], high[0], 1e-9);
}

static void test_grid(void **state)
{
    (void)state;
    for (size_t n = 0; n < 200; n++) {
        size_t columns = 0, rows = 0;
        ixs_grid_shape(n, &columns, &rows);
        assert_true(columns * rows >= n && columns >= rows && columns <= rows + 1);
        assert_true(n == 0 || (rows - 1) * columns < n);
    }
    const struct ixs_grid grid = {.ncolumns = 3,
                                  .nrows = 2,
                                  .x = 10,
                                  .y = 20,
                                  .width = 300,
                                  .height = 200,
                                  .left = 5,
                                  .right = 6,
                                  .bottom = 7,
                                  .top = 8};
    struct ixs_panel panel = ixs_grid_panel(&grid, 4);
    assert_near(panel.left, 115.0, 1e-12);
    assert_near(panel.right, 204.0, 1e-12);
    assert_near(panel.bottom, 27.0, 1e-12);
    assert_near(panel.top, 112.0, 1e-12);
}

static struct ixs_dots dots_of(size_t n, const double *x, const double *y)
{
    struct ixs_dots dots = {0};
    struct ixs_err err = IXS_ERR_NONE;
    assert_ok(ixs_dots_make(&dots, n, &err), &err);
    dots.n = n;
    for (size_t i = 0; i < n; i++) {
        dots.x[i] = x[i];
        dots.y[i] = y[i];
        dots.error[i] = sqrt(fmax(y[i], 1.0));
    }
    return dots;
}

static void test_frame(void **state)
{
    (void)state;
    const double x[] = {-10, -5, 0, 5, 10, 3}, y[] = {1, 0, 25, 4, 9, 1e6};
    struct ixs_dots dots = dots_of(6, x, y);
    struct ixs_frame frame;
    dots.flagged[5] = true; /* does not choose the range */
    ixs_frame_of(&frame, &dots, false, 4.0);
    assert_false(frame.empty);
    assert_true(frame.x_lo < -10 && frame.x_hi > 10 && frame.x_hi < 11);
    assert_near(frame.y_lo, 0.0, 0.0);
    assert_near(frame.y_hi, 30.0 * 1.06, 1e-9);
    /* words at the left, where the highest is 2, need no more room; over 60 % of it they meet 30 */
    assert_true(ixs_frame_room(&frame, &dots, 0.3, 0.3));
    assert_near(frame.y_hi, 30.0 * 1.06, 1e-9);
    (void)ixs_frame_room(&frame, &dots, 0.6, 0.5);
    assert_near(frame.y_hi, 60.0, 1e-9);
    ixs_frame_of(&frame, &dots, true, 4.0);
    assert_near(frame.y_lo, 0.6, 1e-9);
    assert_true(frame.x_lo < -10 && frame.x_hi > 10);
    ixs_frame_of(&frame, &dots, true, 1.0);
    assert_near(frame.y_lo, 3.0, 1e-9);
    ixs_dots_dispose(&dots);
}

static void test_frame_of_little(void **state)
{
    (void)state;
    const double x[] = {2.0, NAN}, y[] = {0.0, 5.0};
    struct ixs_frame frame;
    for (int log = 0; log < 2; log++)
        for (size_t n = 0; n < 3; n++) {
            struct ixs_dots dots = dots_of(n, x, y);
            ixs_frame_of(&frame, &dots, log == 1, 4.0);
            assert_true(frame.x_lo < frame.x_hi && frame.y_lo < frame.y_hi);
            assert_true(isfinite(frame.x_lo) && isfinite(frame.y_hi));
            assert_int_equal(frame.empty, n == 0 || log == 1);
            ixs_dots_dispose(&dots);
        }
}

/* ---- gnuplot --------------------------------------------------------------------------------- */

static bool have_gnuplot(void)
{
    if (system("command -v gnuplot >/dev/null") == 0)
        return true;
    print_message("gnuplot is not installed\n");
    return false;
}

static void test_gnuplot_complains(void **state)
{
    (void)state;
    static const char wrong[] = "set terminal svg\nset margin sideways\nplot x\n";
    struct ixs_err err = IXS_ERR_NONE;
    char *bytes = NULL;
    size_t size = 0;
    if (!have_gnuplot())
        skip();
    assert_false(ixs_gnuplot(wrong, strlen(wrong), &bytes, &size, &err));
    assert_int_equal(err.code, IXS_OUTPUT);
    assert_non_null(strstr(err.text, "gnuplot failed: "));
    assert_null(bytes);
    ixs_err_clear(&err);
    assert_false(ixs_gnuplot("x = 1\n", 6, &bytes, &size, &err));
    assert_non_null(strstr(err.text, "drew nothing"));
}

/* More than a pipe holds, both ways at once. */
static void test_gnuplot_long(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    char *script = NULL, *bytes = NULL;
    size_t length = 0, size = 0;
    if (!have_gnuplot())
        skip();
    FILE *out = open_memstream(&script, &length);
    fputs("set terminal svg\nplot '-' with points\n", out);
    for (int i = 0; i < 50000; i++)
        fprintf(out, "%d %d\n", i, i % 97);
    fputs("e\n", out);
    fclose(out);
    assert_ok(ixs_gnuplot(script, length, &bytes, &size, &err), &err);
    assert_true(size > 1000000);
    assert_non_null(strstr(bytes, "</svg>"));
    free(bytes);
    free(script);
}

static void test_no_gnuplot(void **state)
{
    (void)state;
    char *bytes = NULL, *path = ixs_text(&(struct ixs_err){0}, "%s", getenv("PATH"));
    size_t size = 0;
    struct ixs_err err = IXS_ERR_NONE;
    assert_non_null(path);
    setenv("PATH", "/nonexistent", 1);
    bool drawn = ixs_gnuplot("plot x\n", 7, &bytes, &size, &err);
    setenv("PATH", path, 1);
    free(path);
    assert_false(drawn);
    assert_int_equal(err.code, IXS_OUTPUT);
    assert_non_null(strstr(err.text, "gnuplot-nox"));
}

static void test_endings(void **state)
{
    (void)state;
    enum ixs_picture picture;
    struct ixs_err err = IXS_ERR_NONE;
    assert_true(ixs_picture_of("a.b/c.SVG", &picture, &err) && picture == IXS_PICTURE_SVG);
    assert_true(ixs_picture_of("c.png", &picture, &err) && picture == IXS_PICTURE_PNG);
    assert_true(ixs_picture_of("c.pdf", &picture, &err) && picture == IXS_PICTURE_PDF);
    static const char *const wrong[] = {"c.jpg", "c", "svg", "c.svg.gz", ""};
    for (size_t i = 0; i < IXS_COUNT(wrong); i++) {
        err = IXS_ERR_NONE;
        assert_false(ixs_picture_of(wrong[i], &picture, &err));
        assert_int_equal(err.code, IXS_USAGE);
    }
}

/* ---- products -------------------------------------------------------------------------------- */

static char *script_of(const char *path, struct ixs_plot_choice choice)
{
    struct ixs_err err = IXS_ERR_NONE;
    char *bytes = NULL;
    size_t size = 0;
    choice.picture = IXS_PICTURE_SCRIPT;
    assert_ok(ixs_plot(1, &path, &choice, &bytes, &size, &err), &err);
    return bytes;
}

static void expect_in(const char *script, const char *text)
{
    if (strstr(script, text) == NULL)
        fail_msg("found no '%s' in the script", text);
}

/* The pictures say what a physicist must know. */
static void test_words_in_pictures(void **state)
{
    struct samples *samples = *state;
    struct ixs_err err = IXS_ERR_NONE;
    assert_ok(samples_write(samples, &err), &err);
    char *script = script_of("fit.fits", (struct ixs_plot_choice){0});
    expect_in(script, "linewidths are not intrinsic");
    expect_in(script, "'poor: deviance 125 / 85'");
    expect_in(script, "'4.99(2), FWHM 0.9(2) meV'");
    expect_in(script, "'4.99(2), FWHM <0.42 meV'");
    expect_in(script, "'no-data'");
    free(script);
    script = script_of("fit.fits", (struct ixs_plot_choice){.analyzer = "Ana7"});
    expect_in(script, "FWHM <0.42 meV (90 %), unresolved");
    assert_null(strstr(script, "Ana5"));
    free(script);
    script = script_of("calib.fits", (struct ixs_plot_choice){0});
    expect_in(script, "'uncalibrated'");
    expect_in(script, "'no scan lights it'");
    expect_in(script, "'FWHM 1.70(3) meV'");
    free(script);
    script = script_of("dispersion.fits", (struct ixs_plot_choice){0});
    expect_in(script, "3.00(4) km/s");
    expect_in(script, "Response lent by another beamtime");
    free(script);
}

/* The fit's ZERO is taken off the axis: the sample's elastic line, at 0.2 meV, stands at 0. */
static void test_zero_is_taken_off(void **state)
{
    struct samples *samples = *state;
    struct ixs_err err = IXS_ERR_NONE;
    assert_ok(samples_write(samples, &err), &err);
    char *script = script_of("fit.fits", (struct ixs_plot_choice){.spectrum = 1});
    expect_in(script, "\n -15 ");
    assert_null(strstr(script, "\n -14.8 "));
    free(script);
}

static void test_choice_of_nothing(void **state)
{
    struct samples *samples = *state;
    struct ixs_err err = IXS_ERR_NONE;
    const struct ixs_plot_choice choices[] = {{.analyzer = "Ana77"}, {.spectrum = 8}};
    const char *const paths[] = {"fit.fits", "spectra.fits"};
    char *bytes = NULL;
    size_t size = 0;
    assert_ok(samples_write(samples, &err), &err);
    for (size_t i = 0; i < 4; i++) {
        err = IXS_ERR_NONE;
        assert_false(ixs_plot(1, &paths[i / 2], &choices[i % 2], &bytes, &size, &err));
        assert_int_equal(err.code, IXS_USAGE);
    }
    err = IXS_ERR_NONE;
    assert_false(ixs_plot(2, paths, &choices[0], &bytes, &size, &err)); /* two kinds */
    assert_int_equal(err.code, IXS_USAGE);
    assert_non_null(strstr(err.text, "SPECTRA"));
}

static void test_history(void **state)
{
    struct samples *samples = *state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_provenance step = {.program = "ixs-fit", .version = "0.2.0", .options = "--n=1"};
    struct ixs_reader *reader = NULL;
    char *text = NULL;
    size_t size = 0;
    assert_ok(samples_write(samples, &err), &err);
    for (int i = 0; i < 2; i++) { /* the same step made both inputs */
        assert_ok(ixs_reader_open(&reader, sample_files[i], NULL, NULL, &err), &err);
        assert_ok(ixs_reader_witness(reader, i ? "calibration" : "raw", &step, &err), &err);
        ixs_reader_close(reader);
    }
    assert_ok(ixs_fit_write(&samples->fit, "fit.fits", &step, &(struct ixs_commit){0}, NULL, &err),
              &err);
    ixs_provenance_dispose(&step);
    FILE *out = open_memstream(&text, &size);
    assert_ok(ixs_reader_open(&reader, "fit.fits", NULL, NULL, &err), &err);
    assert_ok(ixs_show_history(out, reader, &err), &err);
    ixs_reader_close(reader);
    fclose(out);
    expect_in(text, "# fit.fits: FIT\n#   ixs-fit 0.2.0 --n=1  [");
    expect_in(text, "\n#     raw: raw.fits  ");
    expect_in(text, "\n#       ixs-test 0.1.0  [");
    expect_in(text, "\n#         spec: beam.spec  0123456789ab  (from outside)\n");
    expect_in(text, "] (told above)\n");
    expect_in(text, "\nfit.fits: test-");
    expect_in(text, "\t$(BIN)ixs-fit --n=1 test-");
    expect_in(text, ": $(FROM)/beam.spec\n");
    assert_null(strstr(text, "not listed"));
    free(text);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN); /* as reduce/stage.c does: a gnuplot that has died is an error */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quote),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_grid),
        cmocka_unit_test(test_legend),
        cmocka_unit_test(test_frame),
        cmocka_unit_test(test_frame_of_little),
        cmocka_unit_test(test_gnuplot_complains),
        cmocka_unit_test(test_gnuplot_long),
        cmocka_unit_test(test_no_gnuplot),
        cmocka_unit_test(test_endings),
        WITH_SAMPLES(test_words_in_pictures),
        WITH_SAMPLES(test_zero_is_taken_off),
        WITH_SAMPLES(test_choice_of_nothing),
        WITH_SAMPLES(test_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
