/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPECTRA: its tables, columns and flags.
 */
#include "products/spectra.h"

#include "base/array.h"

#include "products/declare.h"
#include "products/words.h"

#include <math.h>
#include <string.h>

const struct ixs_flag_word ixs_flag_words[] = {
    {IXS_FLAG_MONITOR, "monitor", "the monitor is missing, not a number or not positive"},
    {IXS_FLAG_COUNTS, "counts", "the counts are missing or not a whole number of at least 0"},
    {IXS_FLAG_ENERGY, "energy", "the energy is missing or not a number"},
    {IXS_FLAG_EXCLUDED, "excluded", "the experiment excludes this point"},
    {IXS_FLAG_BURST, "burst", "far more counts than its neighbours and the spectrum allow"},
    {IXS_FLAG_TIME, "time", "the counting time is missing or not positive"},
    {IXS_FLAG_ERROR, "error", "STATIST is GAUSSIAN and the stated error missing or not positive"},
    {IXS_FLAG_ATTENUATOR, "attenuator", "the attenuators' reading is none of their settings"},
    {IXS_FLAG_ELASTIC, "elastic",
     "ixs-elastic: the error of the elastic line taken off exceeds what is left, so INELASTIC is "
     "NaN; it is fitted all the same"},
    {IXS_FLAG_SPIKE, "spike", "more counts than the other scans and the neighbours allow"},
    {IXS_FLAG_DIP, "dip", "fewer counts than the other scans and the neighbours allow"},
    {IXS_FLAG_LOST, "lost",
     "fewer counts than the other scans allow, in all analyzers at once: no beam"},
    {IXS_FLAG_INTERPOLATED, "interpolated",
     "the archive's counts are interpolated between recorded points; it is fitted all the same"},
    {IXS_FLAG_INEXACT, "inexact",
     "the counts were recovered from rounded figures to the nearest few; it is fitted all the "
     "same"},
};
const size_t ixs_flag_nwords = IXS_COUNT(ixs_flag_words);

static const struct ixs_column spectrum_columns[] = {
    IXS_COLUMN_INT(ixs_spectrum, spectrum, "SPECTRUM", "", "number, from 1"),
    IXS_COLUMN_TEXT(ixs_spectrum, analyzer, "ANALYZER", "analyzer, as the beamline names it"),
    IXS_COLUMN_TEXT(ixs_spectrum, scans, "SCANS", "scans in it"),
    IXS_COLUMN_TEXT(ixs_spectrum, statist, "STATIST",
                    "POISSON, or GAUSSIAN where counts are not known"),
    IXS_COLUMN_REAL(ixs_spectrum, temperature, "TEMPERATURE", "K", "of the sample; NaN: not known"),
    IXS_COLUMN_REAL(ixs_spectrum, temperature_err, "TEMPERATURE_ERR", "K", "error of TEMPERATURE"),
    IXS_COLUMN_REAL(ixs_spectrum, zero, "ZERO", "meV",
                    "recorded energy of zero energy transfer, taken off"),
    IXS_COLUMN_REAL(ixs_spectrum, zero_err, "ZERO_ERR", "meV",
                    "error of ZERO; NaN: nothing is known, flat over the scan"),
    IXS_COLUMN_REAL(ixs_spectrum, scale_err, "SCALE_ERR", "", "relative error of the energy scale"),
    IXS_COLUMN_REAL(ixs_spectrum, two_theta, "TWO_THETA", "deg",
                    "scattering angle of this analyzer in the plane"),
    IXS_COLUMN_REAL(ixs_spectrum, gamma, "GAMMA", "deg", "scattering angle out of the plane"),
    IXS_COLUMN_REAL(ixs_spectrum, q, "Q", "Angstrom**(-1)", "momentum transfer"),
    IXS_COLUMN_REAL(ixs_spectrum, q_width, "Q_WIDTH", "Angstrom**(-1)",
                    "full width of the acceptance; NaN: slits not known"),
    IXS_COLUMN_REAL(ixs_spectrum, hkl_cov[0], "COV_HH", "",
                    "acceptance covariance in r.l.u.**2; NaN: not known"),
    IXS_COLUMN_REAL(ixs_spectrum, hkl_cov[1], "COV_HK", "",
                    "acceptance covariance in r.l.u.**2; NaN: not known"),
    IXS_COLUMN_REAL(ixs_spectrum, hkl_cov[2], "COV_HL", "",
                    "acceptance covariance in r.l.u.**2; NaN: not known"),
    IXS_COLUMN_REAL(ixs_spectrum, hkl_cov[3], "COV_KK", "",
                    "acceptance covariance in r.l.u.**2; NaN: not known"),
    IXS_COLUMN_REAL(ixs_spectrum, hkl_cov[4], "COV_KL", "",
                    "acceptance covariance in r.l.u.**2; NaN: not known"),
    IXS_COLUMN_REAL(ixs_spectrum, hkl_cov[5], "COV_LL", "",
                    "acceptance covariance in r.l.u.**2; NaN: not known"),
    IXS_COLUMN_REAL(ixs_spectrum, h, "H", "", "momentum transfer in r.l.u."),
    IXS_COLUMN_REAL(ixs_spectrum, k, "K", "", "momentum transfer in r.l.u."),
    IXS_COLUMN_REAL(ixs_spectrum, l, "L", "", "momentum transfer in r.l.u."),
    IXS_COLUMN_REAL(ixs_spectrum, g_h, "G_H", "", "nearest reciprocal-lattice point"),
    IXS_COLUMN_REAL(ixs_spectrum, g_k, "G_K", "", "nearest reciprocal-lattice point"),
    IXS_COLUMN_REAL(ixs_spectrum, g_l, "G_L", "", "nearest reciprocal-lattice point"),
    IXS_COLUMN_REAL(ixs_spectrum, q_h, "Q_H", "", "reduced momentum transfer in r.l.u."),
    IXS_COLUMN_REAL(ixs_spectrum, q_k, "Q_K", "", "reduced momentum transfer in r.l.u."),
    IXS_COLUMN_REAL(ixs_spectrum, q_l, "Q_L", "", "reduced momentum transfer in r.l.u."),
    IXS_COLUMN_REAL(ixs_spectrum, q_reduced, "Q_REDUCED", "Angstrom**(-1)",
                    "length of the reduced momentum transfer"),
    IXS_LATER_REAL(2, ixs_spectrum, q_angle, "Q_ANGLE", "deg",
                   "between the momentum transfer and the reduced one: 0, 180 longitudinal, 90 "
                   "transverse"),
    IXS_LATER_REAL(2, ixs_spectrum, efficiency, "EFFICIENCY", "", "of the analyzer, in EXPOSURE"),
    IXS_LATER_REAL(2, ixs_spectrum, polarization, "POLARIZATION", "",
                   "share of the polarized beam that is scattered to it, in EXPOSURE"),
    IXS_LATER_REAL(2, ixs_spectrum, form_factor, "FORM_FACTOR", "",
                   "mean square form factor over that at Q = 0, in EXPOSURE; 1: not asked for"),
    IXS_LATER_REAL(2, ixs_spectrum, absorption, "ABSORPTION", "",
                   "share that a slab lets out, in EXPOSURE; 1: not asked for"),
    IXS_COLUMN_INT(ixs_spectrum, npoints, "NPTS", "", "points"),
    IXS_COLUMN_REAL(ixs_spectrum, elastic, "ELASTIC", "meV.count/s",
                    "area of the elastic line; NaN before ixs-elastic"),
    IXS_COLUMN_REAL(ixs_spectrum, elastic_err, "ELASTIC_ERR", "meV.count/s", "error of ELASTIC"),
    IXS_LATER_REAL(3, ixs_spectrum, elastic_lo, "ELASTIC_LO", "meV.count/s",
                   "lower end of the 68 % interval of ELASTIC"),
    IXS_LATER_REAL(3, ixs_spectrum, elastic_hi, "ELASTIC_HI", "meV.count/s",
                   "upper end of the 68 % interval of ELASTIC"),
    IXS_LATER_REAL(3, ixs_spectrum, elastic_ul90, "ELASTIC_UL90", "meV.count/s",
                   "90 % upper limit of ELASTIC"),
    IXS_LATER_REAL(3, ixs_spectrum, central, "CENTRAL", "meV.count/s",
                   "where ELASTIC_STATUS is inseparable: area of one line for the elastic one and "
                   "what it is not told apart from"),
    IXS_LATER_REAL(3, ixs_spectrum, central_err, "CENTRAL_ERR", "meV.count/s", "error of CENTRAL"),
    IXS_LATER_TEXT(3, ixs_spectrum, elastic_status, "ELASTIC_STATUS",
                   "good, limit (no more than ELASTIC_UL90), inseparable, unknown; empty before "
                   "ixs-elastic"),
    IXS_COLUMN_TEXT(ixs_spectrum, quality, "QUALITY", IXS_WORDS_QUALITY),
    IXS_COLUMN_TEXT(ixs_spectrum, response, "RESPONSE",
                    "quality of the response: " IXS_WORDS_RESPONSE),
};
static const struct ixs_column point_columns[] = {
    IXS_COLUMN_INT(ixs_point, spectrum, "SPECTRUM", "", "number of the spectrum"),
    IXS_COLUMN_TEXT(ixs_point, analyzer, "ANALYZER", "analyzer"),
    IXS_COLUMN_INT(ixs_point, scan, "SCAN", "", "scan"),
    IXS_COLUMN_INT(ixs_point, point, "POINT", "",
                   "row of the scan, from 1; of several points summed SCAN and POINT are 0"),
    IXS_COLUMN_REAL(ixs_point, time, "TIME", "s", "counting time"),
    IXS_COLUMN_REAL(ixs_point, energy_raw, "ENERGY_RAW", "meV", "energy as recorded"),
    IXS_COLUMN_REAL(ixs_point, energy, "ENERGY", "meV", "energy transfer, positive = energy loss"),
    IXS_COLUMN_REAL(ixs_point, counts, "COUNTS", "count", "counts"),
    IXS_COLUMN_REAL(
        ixs_point, exposure, "EXPOSURE", "s",
        "live time x monitor / reference x transmission x efficiency x polarization x ..."),
    IXS_LATER_REAL(2, ixs_point, exposure_err, "EXPOSURE_ERR", "s",
                   "error of EXPOSURE by the monitor's own noise, the same for all analyzers"),
    IXS_COLUMN_REAL(ixs_point, dark, "DARK", "count", "expected dark counts"),
    IXS_COLUMN_REAL(ixs_point, intensity, "INTENSITY", "count/s", "(COUNTS - DARK) / EXPOSURE"),
    IXS_COLUMN_REAL(ixs_point, error, "ERROR", "count/s",
                    "sqrt(max(COUNTS,1)) / EXPOSURE, for display"),
    IXS_COLUMN_INT(ixs_point, flags, "FLAGS", "",
                   "bits, see the list of flags, which says what is not fitted"),
    IXS_LATER_INT(3, ixs_point, summed, "SUMMED", "", "points summed in it; 0: not merged"),
    IXS_LATER_REAL(3, ixs_point, energy_span, "ENERGY_SPAN", "meV",
                   "from the lowest to the highest energy summed in it"),
    IXS_COLUMN_REAL(ixs_point, elastic, "ELASTIC", "count/s",
                    "elastic line; NaN before ixs-elastic, or not told apart here"),
    IXS_COLUMN_REAL(ixs_point, elastic_err, "ELASTIC_ERR", "count/s", "error of ELASTIC"),
    IXS_COLUMN_REAL(ixs_point, inelastic, "INELASTIC", "count/s",
                    "INTENSITY - ELASTIC; NaN before ixs-elastic, or lost under the elastic line"),
    IXS_COLUMN_REAL(ixs_point, inelastic_err, "INELASTIC_ERR", "count/s", "error of INELASTIC"),
    IXS_LATER_REAL(3, ixs_point, subtracted, "SUBTRACTED", "count/s",
                   "INTENSITY - SCALE x rate of the cell there, to look at: what is fitted are "
                   "counts; NaN before ixs-background"),
    IXS_LATER_REAL(3, ixs_point, subtracted_err, "SUBTRACTED_ERR", "count/s",
                   "error of SUBTRACTED by counts and SCALE_ERR"),
};
static const struct ixs_column background_columns[] = {
    IXS_COLUMN_INT(ixs_background, spectrum, "SPECTRUM", "", "number of the spectrum"),
    IXS_COLUMN_REAL(ixs_background, energy, "ENERGY", "meV",
                    "energy transfer in the scan of the empty cell, its own zero taken off"),
    IXS_COLUMN_REAL(ixs_background, counts, "COUNTS", "count", "counts of the cell alone"),
    IXS_COLUMN_REAL(ixs_background, exposure, "EXPOSURE", "s",
                    "exposure of the cell, for the reference of this product"),
    IXS_COLUMN_REAL(ixs_background, dark, "DARK", "count", "expected dark counts"),
    IXS_COLUMN_REAL(ixs_background, scale, "SCALE", "",
                    "the spectrum contains so many times the cell's (COUNTS - DARK)/EXPOSURE"),
    IXS_COLUMN_REAL(ixs_background, scale_err, "SCALE_ERR", "",
                    "error of SCALE, the same of all rows of a spectrum"),
    IXS_COLUMN_REAL(ixs_background, zero_err, "ZERO_ERR", "meV",
                    "error of the zero of these energies; NaN: not known"),
    IXS_COLUMN_INT(ixs_background, scan, "SCAN", "", "scan of the cell"),
    IXS_COLUMN_INT(ixs_background, point, "POINT", "", "row of that scan, from 1"),
    IXS_COLUMN_INT(ixs_background, flags, "FLAGS", "", "of the cell's point, as in POINTS"),
};
static const struct ixs_column merged_columns[] = {
    IXS_COLUMN_INT(ixs_merged, spectrum, "SPECTRUM", "", "number of the spectrum it is in"),
    IXS_COLUMN_TEXT(ixs_merged, analyzer, "ANALYZER", "analyzer"),
    IXS_COLUMN_TEXT(ixs_merged, scans, "SCANS", "scan, or scans merged before"),
    IXS_COLUMN_TEXT(ixs_merged, source, "SOURCE", "product that it came from"),
    IXS_COLUMN_REAL(ixs_merged, zero, "ZERO", "meV", "ZERO there"),
    IXS_COLUMN_REAL(ixs_merged, zero_err, "ZERO_ERR", "meV", "ZERO_ERR there; NaN: flat"),
    IXS_COLUMN_REAL(ixs_merged, shift, "SHIFT", "meV",
                    "taken off its energies beside ZERO, the same for all analyzers of the scan"),
    IXS_COLUMN_REAL(ixs_merged, shift_err, "SHIFT_ERR", "meV",
                    "error of SHIFT against the mean of all scans"),
    IXS_COLUMN_REAL(ixs_merged, own_shift, "OWN_SHIFT", "meV",
                    "what this analyzer drifts by itself, taken off too"),
    IXS_COLUMN_REAL(ixs_merged, own_shift_err, "OWN_SHIFT_ERR", "meV", "error of OWN_SHIFT"),
    IXS_COLUMN_REAL(ixs_merged, scale, "SCALE", "", "its rates over those of all scans"),
    IXS_COLUMN_REAL(ixs_merged, scale_err, "SCALE_ERR", "", "error of SCALE"),
    IXS_COLUMN_REAL(ixs_merged, deviance, "DEVIANCE", "",
                    "of the points used, against what all scans have in common"),
    IXS_COLUMN_REAL(ixs_merged, dof, "DOF", "", "points used less what they tell of it"),
    IXS_COLUMN_REAL(ixs_merged, p_value, "P_VALUE", "",
                    "chance of a DEVIANCE so large, if the scans agree"),
    IXS_COLUMN_INT(ixs_merged, npoints, "NPTS", "", "points"),
    IXS_COLUMN_INT(ixs_merged, used, "USED", "", "points summed, or kept side by side"),
    IXS_COLUMN_INT(ixs_merged, flagged, "FLAGGED", "", "points that were flagged before"),
    IXS_COLUMN_INT(ixs_merged, spikes, "SPIKES", "", "points found to be spikes"),
    IXS_COLUMN_INT(ixs_merged, dips, "DIPS", "", "points found to be dips"),
    IXS_COLUMN_INT(ixs_merged, lost, "LOST", "", "points found lost, in all analyzers at once"),
    IXS_COLUMN_REAL(ixs_merged, counts, "COUNTS", "count", "of the points used"),
    IXS_COLUMN_REAL(ixs_merged, exposure, "EXPOSURE", "s", "of the points used"),
    IXS_COLUMN_TEXT(ixs_merged, status, "STATUS",
                    "good, differs (P_VALUE below 1e-4), scale, shift (5 errors off), single "
                    "(nothing to compare it with), not-compared (no counts known)"),
};
static const struct ixs_column key_columns[] = {
    IXS_COLUMN_REAL(ixs_spectra_keys, reference, "MONREF", "count/s",
                    "monitor rate that EXPOSURE is referred to"),
    IXS_COLUMN_TEXT(ixs_spectra_keys, monitor, "MONITOR", "label of the monitor"),
    IXS_COLUMN_TEXT(ixs_spectra_keys, source, "SRCFILE", "SPEC file"),
    IXS_COLUMN_TEXT(ixs_spectra_keys, origin, "BEAMTIME", "file header (#F) of the scan"),
    IXS_COLUMN_REAL(ixs_spectra_keys, lambda, "LAMBDA", "Angstrom", "wavelength"),
    IXS_COLUMN_REAL(ixs_spectra_keys, lattice[0], "LATT_A", "Angstrom", "lattice"),
    IXS_COLUMN_REAL(ixs_spectra_keys, lattice[1], "LATT_B", "Angstrom", "lattice"),
    IXS_COLUMN_REAL(ixs_spectra_keys, lattice[2], "LATT_C", "Angstrom", "lattice"),
    IXS_COLUMN_REAL(ixs_spectra_keys, lattice[3], "LATT_AL", "deg", "lattice"),
    IXS_COLUMN_REAL(ixs_spectra_keys, lattice[4], "LATT_BE", "deg", "lattice"),
    IXS_COLUMN_REAL(ixs_spectra_keys, lattice[5], "LATT_GA", "deg", "lattice"),
    IXS_COLUMN_TEXT(ixs_spectra_keys, centring, "CENTRING", "lattice centring: P A B C I F R"),
    IXS_LATER_TEXT(2, ixs_spectra_keys, ub_from, "UBFROM", "where UB came from"),
    IXS_COLUMN_TEXT(ixs_spectra_keys, temp_from, "TEMPFROM", "where TEMPERATURE came from"),
};

IXS_TABLE(ixs_table_spectra, "SPECTRA", "one row per analyzer", ixs_spectrum, spectrum_columns);
IXS_TABLE(ixs_table_points, "POINTS", "one row per analyzer and point", ixs_point, point_columns);
IXS_TABLE(ixs_table_merged, "MERGED", "one row per spectrum that went into a merged one",
          ixs_merged, merged_columns);
IXS_TABLE(ixs_table_background, "BACKGROUND", "one row per spectrum and point of its empty cell",
          ixs_background, background_columns);
IXS_TABLE(ixs_table_spectra_keys, "SPECTRA", "keywords of SPECTRA", ixs_spectra_keys, key_columns);

static const struct ixs_part parts[] = {
    IXS_PART_KEYS(ixs_spectra, spectra, nspectra, &ixs_table_spectra, &ixs_table_spectra_keys,
                  keys),
    IXS_PART(ixs_spectra, points, npoints, &ixs_table_points, false),
    IXS_PART(ixs_spectra, backgrounds, nbackgrounds, &ixs_table_background, true),
    IXS_PART_TOLD(ixs_spectra, sqw, nsqw, &ixs_table_sqw),
    IXS_PART_TOLD(ixs_spectra, moments, nmoments, &ixs_table_sqw_moments),
    IXS_PART(ixs_spectra, merged, nmerged, &ixs_table_merged, true),
};

const struct ixs_kind ixs_kind_spectra = {
    "SPECTRA",
    3,
    "calibrated spectra, one per analyzer, with their counts",
    offsetof(struct ixs_spectra, identity),
    parts,
    IXS_COUNT(parts),
};

bool ixs_spectra_write(const struct ixs_spectra *spectra, const char *path,
                       const struct ixs_provenance *provenance, const struct ixs_commit *how,
                       bool *changed, struct ixs_err *err)
{
    return ixs_kind_write(&ixs_kind_spectra, spectra, path, provenance, how, changed, err);
}

/* Rows of a table that begin with the number of their spectrum. */
struct rows {
    const char *name, *first;
    size_t size, n;
};

static struct rows points_of(const struct ixs_spectra *spectra)
{
    return (struct rows){"POINTS", (const char *)spectra->points, sizeof *spectra->points,
                         spectra->npoints};
}

static struct rows backgrounds_of(const struct ixs_spectra *spectra)
{
    return (struct rows){"BACKGROUND", (const char *)spectra->backgrounds,
                         sizeof *spectra->backgrounds, spectra->nbackgrounds};
}

static int64_t spectrum_of(const struct rows *rows, size_t i)
{
    int64_t spectrum;
    memcpy(&spectrum, rows->first + i * rows->size, sizeof spectrum);
    return spectrum;
}

static bool check_order(const struct rows *rows, const char *path, struct ixs_err *err)
{
    for (size_t i = 1; i < rows->n; i++)
        if (spectrum_of(rows, i) < spectrum_of(rows, i - 1))
            return ixs_fail_at(err, IXS_INPUT, path, 0,
                               "%s, row %zu: found SPECTRUM %lld behind %lld, expected the "
                               "spectra in order",
                               rows->name, i + 1, (long long)spectrum_of(rows, i),
                               (long long)spectrum_of(rows, i - 1));
    return true;
}

static bool differ(double a, double b)
{
    return !(a >= b && a <= b) && !(isnan(a) && isnan(b));
}

/* What holds for a spectrum as a whole stands the same in all its rows. */
static bool check_background(const struct ixs_spectra *spectra, const char *path,
                             struct ixs_err *err)
{
    for (size_t i = 1; i < spectra->nbackgrounds; i++) {
        const struct ixs_background *row = &spectra->backgrounds[i], *last = row - 1;
        if (row->spectrum == last->spectrum &&
            (differ(row->scale, last->scale) || differ(row->scale_err, last->scale_err) ||
             differ(row->zero_err, last->zero_err)))
            return ixs_fail_at(err, IXS_INPUT, path, 0,
                               "BACKGROUND, row %zu: found SCALE %g +- %g and ZERO_ERR %g behind "
                               "%g +- %g and %g, expected the same in all rows of SPECTRUM %lld",
                               i + 1, row->scale, row->scale_err, row->zero_err, last->scale,
                               last->scale_err, last->zero_err, (long long)row->spectrum);
    }
    return true;
}

bool ixs_spectra_read_as(struct ixs_spectra *out, const char *path, const char *role,
                         const struct ixs_reading *how, struct ixs_provenance *provenance,
                         struct ixs_err *err)
{
    if (!ixs_kind_read(&ixs_kind_spectra, out, path, role, how, provenance, err))
        return false;
    const struct rows points = points_of(out), backgrounds = backgrounds_of(out);
    return check_order(&points, path, err) && check_order(&backgrounds, path, err) &&
           check_background(out, path, err);
}

bool ixs_spectra_read(struct ixs_spectra *out, const char *path, const struct ixs_reading *how,
                      struct ixs_provenance *provenance, struct ixs_err *err)
{
    return ixs_spectra_read_as(out, path, "spectra", how, provenance, err);
}

void ixs_spectra_dispose(struct ixs_spectra *spectra)
{
    ixs_kind_dispose(&ixs_kind_spectra, spectra);
}

void ixs_spectrum_without_elastic(struct ixs_spectrum *spectrum)
{
    spectrum->elastic = spectrum->elastic_err = NAN;
    spectrum->elastic_lo = spectrum->elastic_hi = spectrum->elastic_ul90 = NAN;
    spectrum->central = spectrum->central_err = NAN;
    spectrum->elastic_status[0] = '\0';
}

/* Rows of the spectra before this one, or (`with`) of this one too. */
static size_t rows_before(const struct rows *rows, int64_t spectrum, bool with)
{
    size_t lo = 0, hi = rows->n;
    while (lo < hi) {
        size_t middle = lo + (hi - lo) / 2;
        int64_t at = spectrum_of(rows, middle);
        if (at < spectrum || (with && at == spectrum))
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

const struct ixs_point *ixs_spectra_points(const struct ixs_spectra *spectra, int64_t spectrum,
                                           size_t *count)
{
    const struct rows rows = points_of(spectra);
    size_t first = rows_before(&rows, spectrum, false);
    *count = rows_before(&rows, spectrum, true) - first;
    return *count > 0 ? &spectra->points[first] : NULL;
}

const struct ixs_background *ixs_spectra_background(const struct ixs_spectra *spectra,
                                                    int64_t spectrum, size_t *count)
{
    const struct rows rows = backgrounds_of(spectra);
    size_t first = rows_before(&rows, spectrum, false);
    *count = rows_before(&rows, spectrum, true) - first;
    return *count > 0 ? &spectra->backgrounds[first] : NULL;
}

const struct ixs_spectrum *ixs_spectra_find(const struct ixs_spectra *spectra, int64_t number)
{
    if (number >= 1 && number <= (int64_t)spectra->nspectra &&
        spectra->spectra[number - 1].spectrum == number)
        return &spectra->spectra[number - 1];
    for (size_t i = 0; i < spectra->nspectra; i++)
        if (spectra->spectra[i].spectrum == number)
            return &spectra->spectra[i];
    return NULL;
}
