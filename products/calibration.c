/* SPDX-License-Identifier: GPL-3.0-or-later
 * CALIB: its tables and columns.
 */
#include "products/calibration.h"

#include "base/array.h"

#include "products/declare.h"
#include "products/words.h"

#include <string.h>

static const struct ixs_column analyzer_columns[] = {
    IXS_COLUMN_TEXT(ixs_calib_analyzer, analyzer, "ANALYZER", "analyzer, as the beamline names it"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, zero, "ZERO", "meV",
                    "elastic line on the axis recorded + E_ORIGIN; NaN: not known"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, zero_err, "ZERO_ERR", "meV",
                    "error of ZERO, scatter between scans included"),
    IXS_LATER_REAL(2, ixs_calib_analyzer, own_err, "OWN_ERR", "meV",
                   "error of ZERO in a scan whose drift is known"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, efficiency, "EFFICIENCY", "",
                    "relative efficiency, mean 1"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, efficiency_err, "EFFICIENCY_ERR", "",
                    "error of EFFICIENCY, scatter between repeats included"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, dark_rate, "DARK_RATE", "count/s", "counts without beam"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, dead_time, "DEAD_TIME", "s", "dead time of the detector"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, fwhm, "FWHM", "meV",
                    "full width at half maximum of the response"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, fwhm_err, "FWHM_ERR", "meV",
                    "error of FWHM, scatter between repeats included"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, tail10, "TAIL10", "",
                    "share of the area within E_LO, E_HI that lies beyond +-10 meV"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, e_lo, "E_LO", "meV",
                    "lowest energy at which the response was measured"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, e_hi, "E_HI", "meV",
                    "highest energy at which the response was measured"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, peak, "PEAK", "count",
                    "highest point of the brightest scan"),
    IXS_COLUMN_REAL(ixs_calib_analyzer, deviance, "DEVIANCE", "",
                    "Poisson deviance of the fit of the response"),
    IXS_COLUMN_INT(ixs_calib_analyzer, dof, "DOF", "", "degrees of freedom of that fit"),
    IXS_COLUMN_INT(ixs_calib_analyzer, ncomponents, "NCOMPONENTS", "",
                   "pseudo-Voigts in RESOLUTION"),
    IXS_LATER_TEXT(2, ixs_calib_analyzer, form, "FORM",
                   "response: sum of pseudo-Voigts as the data demand, single, or table"),
    IXS_LATER_REAL(2, ixs_calib_analyzer, known_lo, "KNOWN_LO", "meV",
                   "from here to KNOWN_HI the response is known within 10 %"),
    IXS_LATER_REAL(2, ixs_calib_analyzer, known_hi, "KNOWN_HI", "meV", "see KNOWN_LO"),
    IXS_LATER_REAL(2, ixs_calib_analyzer, inelastic, "INELASTIC", "",
                   "inelastic over elastic area taken off in SCAN; NaN: none was taken off"),
    IXS_LATER_REAL(2, ixs_calib_analyzer, inelastic_err, "INELASTIC_ERR", "", "error of INELASTIC"),
    IXS_LATER_REAL(2, ixs_calib_analyzer, opening, "OPENING", "",
                   "of its mask in SCAN, units of the motor; NaN: not known"),
    IXS_LATER_REAL(2, ixs_calib_analyzer, slit_x, "SLIT_X", "mm",
                   "gap of its slit in x in SCAN; NaN: not known"),
    IXS_LATER_REAL(2, ixs_calib_analyzer, slit_z, "SLIT_Z", "mm",
                   "gap of its slit in z in SCAN; NaN: not known"),
    IXS_COLUMN_TEXT(ixs_calib_analyzer, scan, "SCAN", "scans that it came from"),
    IXS_COLUMN_TEXT(ixs_calib_analyzer, quality, "QUALITY", IXS_WORDS_CALIBRATED),
    IXS_COLUMN_TEXT(ixs_calib_analyzer, reason, "REASON", "why QUALITY is not good"),
};
static const struct ixs_column component_columns[] = {
    IXS_COLUMN_TEXT(ixs_calib_component, analyzer, "ANALYZER", "analyzer"),
    IXS_COLUMN_INT(ixs_calib_component, component, "COMPONENT", "",
                   "number of the pseudo-Voigt, from 1"),
    IXS_COLUMN_REAL(ixs_calib_component, weight, "WEIGHT", "",
                    "share of the area; the weights add up to 1"),
    IXS_COLUMN_REAL(ixs_calib_component, weight_err, "WEIGHT_ERR", "", "error of WEIGHT"),
    IXS_COLUMN_REAL(ixs_calib_component, center, "CENTER", "meV",
                    "centre; the centroid of the response within +-10 meV is 0"),
    IXS_COLUMN_REAL(ixs_calib_component, center_err, "CENTER_ERR", "meV", "error of CENTER"),
    IXS_COLUMN_REAL(ixs_calib_component, fwhm, "FWHM", "meV",
                    "full width of the Gaussian and of the Lorentzian part"),
    IXS_COLUMN_REAL(ixs_calib_component, fwhm_err, "FWHM_ERR", "meV", "error of FWHM"),
    IXS_COLUMN_REAL(ixs_calib_component, eta, "ETA", "", "Lorentzian share of the area"),
    IXS_COLUMN_REAL(ixs_calib_component, eta_err, "ETA_ERR", "", "error of ETA"),
};
static const struct ixs_column node_columns[] = {
    IXS_COLUMN_TEXT(ixs_calib_node, analyzer, "ANALYZER", "analyzer"),
    IXS_COLUMN_INT(ixs_calib_node, node, "NODE", "", "number of the node, from 1"),
    IXS_COLUMN_REAL(ixs_calib_node, energy, "ENERGY", "meV", "CENTER + SCALE tan(theta/2)"),
    IXS_COLUMN_REAL(ixs_calib_node, response, "RESPONSE", "meV**(-1)",
                    "response of unit area at the node"),
    IXS_COLUMN_REAL(ixs_calib_node, response_err, "RESPONSE_ERR", "meV**(-1)",
                    "error of RESPONSE; the covariance of its logarithm is in RESOLUTION_COV"),
    IXS_COLUMN_REAL(ixs_calib_node, center, "CENTER", "meV",
                    "ln[RESPONSE ((ENERGY - CENTER)^2 + SCALE^2)] is a cubic spline in theta"),
    IXS_COLUMN_REAL(ixs_calib_node, scale, "SCALE", "meV",
                    "periodic in theta, which is even from node to node"),
};
static const struct ixs_column covariance_columns[] = {
    IXS_COLUMN_TEXT(ixs_calib_covariance, analyzer, "ANALYZER", "analyzer"),
    IXS_COLUMN_INT(ixs_calib_covariance, row, "ROW", "",
                   "parameter, from 1: WEIGHT, CENTER, FWHM, ETA of component 1, then 2 ..; of a "
                   "table ln RESPONSE of node 1, then 2 .."),
    IXS_COLUMN_INT(ixs_calib_covariance, column, "COLUMN", "", "parameter, not above ROW"),
    IXS_COLUMN_REAL(ixs_calib_covariance, covariance, "COVARIANCE", "",
                    "covariance, in the units of the two parameters"),
};
static const struct ixs_column response_columns[] = {
    IXS_COLUMN_TEXT(ixs_calib_response, analyzer, "ANALYZER", "analyzer"),
    IXS_COLUMN_INT(ixs_calib_response, scan, "SCAN", "",
                   "scan of the data; 0: no data, the response alone on a grid"),
    IXS_COLUMN_REAL(ixs_calib_response, energy, "ENERGY", "meV",
                    "energy, the zero of the scan and the jitter that analyzers share taken off"),
    IXS_COLUMN_REAL(ixs_calib_response, counts, "COUNTS", "count", "counts; NaN: no data"),
    IXS_COLUMN_REAL(ixs_calib_response, expected, "EXPECTED", "count",
                    "counts that the fit expects"),
    IXS_COLUMN_REAL(ixs_calib_response, response, "RESPONSE", "meV**(-1)", "response of unit area"),
    IXS_LATER_REAL(2, ixs_calib_response, response_err, "RESPONSE_ERR", "meV**(-1)",
                   "error of RESPONSE; NaN: not known"),
    IXS_COLUMN_REAL(ixs_calib_response, measured, "MEASURED", "meV**(-1)",
                    "counts on the scale of RESPONSE, background and inelastic part taken off"),
    IXS_COLUMN_REAL(ixs_calib_response, measured_err, "MEASURED_ERR", "meV**(-1)",
                    "error of MEASURED"),
};
static const struct ixs_column setting_columns[] = {
    IXS_COLUMN_TEXT(ixs_calib_setting, analyzer, "ANALYZER", "analyzer that the scan lights"),
    IXS_COLUMN_INT(ixs_calib_setting, scan, "SCAN", "", "reference scan"),
    IXS_COLUMN_TEXT(ixs_calib_setting, sample, "SAMPLE", "reference sample"),
    IXS_COLUMN_REAL(ixs_calib_setting, temperature, "TEMPERATURE", "K",
                    "of the sample; NaN: not known"),
    IXS_COLUMN_REAL(ixs_calib_setting, two_theta, "TWO_THETA", "deg", "of the analyzer"),
    IXS_COLUMN_REAL(ixs_calib_setting, q, "Q", "Angstrom**(-1)", "momentum transfer"),
    IXS_COLUMN_REAL(ixs_calib_setting, opening, "OPENING", "",
                    "of its mask, units of the motor; NaN: not known"),
    IXS_COLUMN_REAL(ixs_calib_setting, slit_x, "SLIT_X", "mm",
                    "gap of its slit in x; NaN: not known"),
    IXS_COLUMN_REAL(ixs_calib_setting, slit_z, "SLIT_Z", "mm",
                    "gap of its slit in z; NaN: not known"),
    IXS_COLUMN_REAL(ixs_calib_setting, time, "TIME", "s", "start of the scan since the first"),
    IXS_COLUMN_INT(ixs_calib_setting, shaping, "SHAPING", "",
                   "1: the response was fitted to all of the scan; 0: to its peak alone"),
    IXS_COLUMN_REAL(ixs_calib_setting, zero, "ZERO", "meV", "where the peak's line stands"),
    IXS_COLUMN_REAL(ixs_calib_setting, zero_err, "ZERO_ERR", "meV", "error of ZERO"),
    IXS_COLUMN_REAL(ixs_calib_setting, area, "AREA", "meV*count/s", "of the elastic line"),
    IXS_COLUMN_REAL(ixs_calib_setting, area_err, "AREA_ERR", "meV*count/s", "error of AREA"),
    IXS_COLUMN_REAL(ixs_calib_setting, stretch, "STRETCH", "",
                    "width of the peak beside that of the response"),
    IXS_COLUMN_REAL(ixs_calib_setting, stretch_err, "STRETCH_ERR", "", "error of STRETCH"),
    IXS_COLUMN_REAL(
        ixs_calib_setting, inelastic, "INELASTIC", "",
        "inelastic over elastic area, with --all-scans what is beside the brightest scan; NaN: "
        "not fitted"),
    IXS_COLUMN_REAL(ixs_calib_setting, inelastic_err, "INELASTIC_ERR", "", "error of INELASTIC"),
    IXS_COLUMN_REAL(ixs_calib_setting, background, "BACKGROUND", "count/s", "flat background"),
    IXS_COLUMN_REAL(ixs_calib_setting, deviance, "DEVIANCE", "",
                    "Poisson deviance of its points; NaN where SHAPING is 0"),
    IXS_COLUMN_INT(ixs_calib_setting, npoints, "NPOINTS", "", "usable points"),
};
static const struct ixs_column density_columns[] = {
    IXS_COLUMN_TEXT(ixs_calib_density, sample, "SAMPLE", "reference sample"),
    IXS_COLUMN_REAL(ixs_calib_density, energy, "ENERGY", "meV", "energy"),
    IXS_COLUMN_REAL(ixs_calib_density, density, "DENSITY", "meV**(-1)",
                    "density of vibrations g(E) of unit area up to the last energy"),
    IXS_COLUMN_REAL(ixs_calib_density, density_err, "DENSITY_ERR", "meV**(-1)", "error of DENSITY"),
};
static const struct ixs_column drift_columns[] = {
    IXS_COLUMN_INT(ixs_calib_drift, scan, "SCAN", "", "scan"),
    IXS_COLUMN_REAL(ixs_calib_drift, time, "TIME", "s",
                    "start of the scan since the first; NaN: not known"),
    IXS_COLUMN_REAL(ixs_calib_drift, e_origin, "E_ORIGIN", "meV",
                    "resets of the energy axis that the file tells of"),
    IXS_COLUMN_REAL(ixs_calib_drift, origin, "ORIGIN", "meV",
                    "recorded energy of the elastic line of an analyzer without offset"),
    IXS_COLUMN_REAL(ixs_calib_drift, origin_err, "ORIGIN_ERR", "meV",
                    "error of ORIGIN, scatter included"),
};
static const struct ixs_column line_columns[] = {
    IXS_COLUMN_TEXT(ixs_calib_line, analyzer, "ANALYZER", "analyzer"),
    IXS_COLUMN_INT(ixs_calib_line, scan, "SCAN", "", "scan"),
    IXS_COLUMN_REAL(ixs_calib_line, time, "TIME", "s",
                    "start of the scan since the first; NaN: not known"),
    IXS_COLUMN_REAL(ixs_calib_line, known, "KNOWN", "meV",
                    "energy transfer of the line; 0: elastic"),
    IXS_COLUMN_REAL(ixs_calib_line, known_err, "KNOWN_ERR", "meV", "error of KNOWN"),
    IXS_COLUMN_REAL(ixs_calib_line, found, "FOUND", "meV",
                    "where it stands on the axis recorded + E_ORIGIN"),
    IXS_COLUMN_REAL(ixs_calib_line, found_err, "FOUND_ERR", "meV", "error of FOUND"),
    IXS_COLUMN_REAL(ixs_calib_line, residual, "RESIDUAL", "meV",
                    "FOUND less KNOWN, ZERO and the drift of the scan"),
};
static const struct ixs_column key_columns[] = {
    IXS_COLUMN_TEXT(ixs_calib_keys, beamtimes, "BEAMTIME",
                    "file headers (#F) of the reference scans"),
    IXS_COLUMN_REAL(ixs_calib_keys, origin_scatter, "ZEROSCAT", "meV",
                    "rms of the zeros about analyzer offset + scan origin"),
    IXS_COLUMN_REAL(ixs_calib_keys, width_scatter, "FWHMSCAT", "",
                    "rms relative difference of FWHM between repeats"),
    IXS_COLUMN_REAL(ixs_calib_keys, efficiency_scatter, "EFFSCAT", "",
                    "rms relative difference of areas between repeats"),
    IXS_COLUMN_REAL(ixs_calib_keys, jitter, "JITTER", "meV",
                    "rms jitter of the energy axis, found in the residuals"),
    IXS_LATER_TEXT(2, ixs_calib_keys, center, "CENTRE", "where energy 0 of a response is"),
    IXS_LATER_TEXT(2, ixs_calib_keys, removal, "REMOVAL",
                   "inelastic part of the sample: none, joint, prior"),
    IXS_LATER_REAL(2, ixs_calib_keys, prior, "PRIOR", "", "stated inelastic over elastic area"),
    IXS_LATER_REAL(2, ixs_calib_keys, prior_err, "PRIORERR", "", "error of PRIOR"),
    IXS_LATER_REAL(2, ixs_calib_keys, fading, "FADING", "h**(-1)",
                   "relative change of areas with time: radiation damage"),
    IXS_LATER_REAL(2, ixs_calib_keys, fading_err, "FADINGER", "h**(-1)", "error of FADING"),
    IXS_LATER_REAL(2, ixs_calib_keys, widening, "WIDENING", "h**(-1)",
                   "relative change of widths with time"),
    IXS_LATER_REAL(2, ixs_calib_keys, widening_err, "WIDENERR", "h**(-1)", "error of WIDENING"),
    IXS_LATER_REAL(2, ixs_calib_keys, scale, "SCALE", "",
                   "true energy over the instrument's, from known lines"),
    IXS_LATER_REAL(2, ixs_calib_keys, scale_err, "SCALEERR", "", "error of SCALE"),
    IXS_LATER_REAL(2, ixs_calib_keys, epoch, "DRIFTT0", "s", "time 0 of DRIFT, since 1970"),
    IXS_LATER_REAL(2, ixs_calib_keys, walk, "WALK", "meV*h**(-0.5)",
                   "random walk of all zeros together"),
    IXS_LATER_REAL(2, ixs_calib_keys, scatter, "SCATTER", "meV",
                   "scatter of all zeros together from scan to scan"),
    IXS_LATER_REAL(2, ixs_calib_keys, own_walk, "OWNWALK", "meV*h**(-0.5)",
                   "random walk of single analyzers' zeros beside that"),
    IXS_LATER_REAL(2, ixs_calib_keys, own_scatter, "OWNSCAT", "meV",
                   "scatter of single analyzers' zeros beside that"),
};

IXS_TABLE(ixs_table_calib_analyzers, "ANALYZERS",
          "energy zero, efficiency and width of each analyzer", ixs_calib_analyzer,
          analyzer_columns);
IXS_TABLE(ixs_table_calib_components, "RESOLUTION", "responses as sums of pseudo-Voigts",
          ixs_calib_component, component_columns);
IXS_TABLE(ixs_table_calib_nodes, "RESOLUTION_TABLE", "responses as smooth tables", ixs_calib_node,
          node_columns);
IXS_TABLE(ixs_table_calib_covariance, "RESOLUTION_COV", "covariance of RESOLUTION",
          ixs_calib_covariance, covariance_columns);
IXS_TABLE(ixs_table_calib_response, "RESPONSE", "responses and the data they were fitted to",
          ixs_calib_response, response_columns);
IXS_TABLE(ixs_table_calib_drift, "DRIFT", "energy origin of each reference scan", ixs_calib_drift,
          drift_columns);
IXS_TABLE(ixs_table_calib_settings, "SETTINGS", "what each reference scan tells of each analyzer",
          ixs_calib_setting, setting_columns);
IXS_TABLE(ixs_table_calib_density, "DENSITY", "vibrations of the reference samples",
          ixs_calib_density, density_columns);
IXS_TABLE(ixs_table_calib_lines, "LINES", "lines of known energy, scan by scan", ixs_calib_line,
          line_columns);
IXS_TABLE(ixs_table_calib_keys, "ANALYZERS", "keywords of ANALYZERS", ixs_calib_keys, key_columns);

static const struct ixs_part parts[] = {
    IXS_PART_KEYS(ixs_calib, analyzers, nanalyzers, &ixs_table_calib_analyzers,
                  &ixs_table_calib_keys, keys),
    IXS_PART(ixs_calib, components, ncomponents, &ixs_table_calib_components, false),
    IXS_PART(ixs_calib, nodes, nnodes, &ixs_table_calib_nodes, true),
    IXS_PART(ixs_calib, covariances, ncovariances, &ixs_table_calib_covariance, false),
    IXS_PART(ixs_calib, response, nresponse, &ixs_table_calib_response, false),
    IXS_PART(ixs_calib, drift, ndrift, &ixs_table_calib_drift, false),
    IXS_PART(ixs_calib, settings, nsettings, &ixs_table_calib_settings, true),
    IXS_PART(ixs_calib, density, ndensity, &ixs_table_calib_density, true),
    IXS_PART(ixs_calib, lines, nlines, &ixs_table_calib_lines, true),
};

const struct ixs_kind ixs_kind_calib = {
    "CALIB",
    2,
    "energy zero, efficiency and resolution function of each analyzer",
    offsetof(struct ixs_calib, identity),
    parts,
    IXS_COUNT(parts),
};

bool ixs_calib_write(const struct ixs_calib *calib, const char *path,
                     const struct ixs_provenance *provenance, const struct ixs_commit *how,
                     bool *changed, struct ixs_err *err)
{
    return ixs_kind_write(&ixs_kind_calib, calib, path, provenance, how, changed, err);
}

bool ixs_calib_read(struct ixs_calib *out, const char *path, const struct ixs_reading *how,
                    struct ixs_provenance *provenance, struct ixs_err *err)
{
    return ixs_kind_read(&ixs_kind_calib, out, path, "calibration", how, provenance, err);
}

void ixs_calib_dispose(struct ixs_calib *calib)
{
    ixs_kind_dispose(&ixs_kind_calib, calib);
}

const struct ixs_calib_analyzer *ixs_calib_find(const struct ixs_calib *calib, const char *name)
{
    for (size_t i = 0; i < calib->nanalyzers; i++)
        if (strcmp(calib->analyzers[i].analyzer, name) == 0)
            return &calib->analyzers[i];
    return NULL;
}

const struct ixs_calib_component *ixs_calib_response_of(const struct ixs_calib *calib,
                                                        const char *name, size_t *count)
{
    const struct ixs_calib_component *first = NULL;
    *count = 0;
    for (size_t i = 0; i < calib->ncomponents; i++) {
        if (strcmp(calib->components[i].analyzer, name) != 0)
            continue;
        if (first == NULL)
            first = &calib->components[i];
        ++*count;
    }
    return first;
}

const struct ixs_calib_node *ixs_calib_table_of(const struct ixs_calib *calib, const char *name,
                                                size_t *count)
{
    const struct ixs_calib_node *first = NULL;
    *count = 0;
    for (size_t i = 0; i < calib->nnodes; i++) {
        if (strcmp(calib->nodes[i].analyzer, name) != 0)
            continue;
        if (first == NULL)
            first = &calib->nodes[i];
        ++*count;
    }
    return first;
}

int64_t ixs_calib_curve_scan(const struct ixs_calib *calib, const char *analyzer)
{
    int64_t scan = 0;
    for (size_t i = 0; i < calib->nresponse; i++) {
        const struct ixs_calib_response *row = &calib->response[i];
        if (strcmp(row->analyzer, analyzer) != 0)
            continue;
        if (row->scan == 0)
            return 0;
        scan = scan == 0 ? row->scan : scan;
    }
    return scan;
}
