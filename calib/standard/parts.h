/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside calib/standard: what its files hand to one another.
 */
#ifndef IXS_CALIB_STANDARD_PARTS_H
#define IXS_CALIB_STANDARD_PARTS_H

#include "calib/standard/standard.h"
#include "models/line/curve.h"
#include "models/response/response.h"

/* ---- gathering the light (standard_gather.c) ------------------------------------------------- */

struct ixs_trace_fit { /* counts = exposure x (area R((E - zero)/stretch)/stretch + background) */
    double zero, zero_err;       /* meV */
    double area, area_err;       /* meV count/s */
    double background;           /* count/s */
    double stretch, stretch_err; /* width beside that of the response */
};

struct ixs_trace {         /* one analyzer in one scan; owns its arrays */
    size_t analyzer, scan; /* indices into the instrument's analyzers and the scans */
    size_t npoints;
    double *energy;    /* [npoints] meV: scale x (recorded + E_ORIGIN), no zero taken off */
    double *counts;    /* [npoints] */
    double *exposure;  /* [npoints] s at the reference monitor rate */
    double step;       /* meV between neighbours (median) */
    double two_theta;  /* deg; NaN: not known */
    double q;          /* 1/Angstrom; NaN: not known */
    double kelvin;     /* of the sample; NaN: not known */
    char sample[25];   /* "": not known */
    double time;       /* s since 1970 at which the scan began; NaN: not known */
    size_t *row;       /* [npoints] of RAW, from 0 */
    double opening;    /* of its mask; NaN: it has none */
    double gap[2];     /* mm, of its slits in x and z; NaN: not known */
    double peak;       /* counts of the highest point */
    double apex;       /* meV, energy of the highest point */
    double ground;     /* counts of the median point */
    bool at_end;       /* the highest point is within a FWHM of an end of the scan */
    double brightness; /* count/s there */
    bool known;        /* a scan of a sample: only its line at `energy_known` tells something */
    bool found;        /* that line is there: `core` says where */
    double energy_known, energy_error; /* meV; 0: elastic */
    bool masked, lit;                  /* lit: a peak well above background, not masked */
    bool shaping;                      /* the response was fitted to it */
    struct ixs_trace_fit shape;        /* in that fit; stretch 1 */
    double *inelastic;         /* [npoints] counts of the sample's inelastic part; NULL: not told */
    double share, share_err;   /* inelastic over elastic area, in the joint fit */
    struct ixs_trace_fit core; /* of its peak alone, the response given */
    struct ixs_trace_fit loose; /* the same with a width of its own */
    double excess;              /* deviance per degree of freedom of that, at least 1 */
    double *shift, *left; /* [npoints] meV in `energy`, as the other analyzers tell of the jitter of
                             the axis; share of the jitter that this leaves; NULL: not asked yet */
};

struct ixs_traces { /* owns its arrays */
    size_t count, capacity;
    struct ixs_trace *list;
};

/* Seconds since 1970; NaN if the date cannot be read (standard_repeats.c). */
double ixs_standard_clock(const char *date);

/* All usable points of all analyzers; fails when no scan can be used. */
IXS_MUST_CHECK bool ixs_traces_gather(struct ixs_traces *out, const struct ixs_standard_task *task,
                                      struct ixs_err *err);
void ixs_traces_dispose(struct ixs_traces *traces);
/* Why a trace of an analyzer that no scan lights is not lit. */
void ixs_trace_excuse(const struct ixs_trace *trace, size_t size, char *room);
/* Marks which are lit and which of them shape the response of their analyzer (standard_light.c). */
IXS_MUST_CHECK bool ixs_traces_judge(struct ixs_traces *traces,
                                     const struct ixs_instrument *instrument, struct ixs_err *err);

/* ---- the response of one analyzer (standard_shape.c, standard_choose.c) ---------------------- */

enum { IXS_SHAPE_MOST = 5, IXS_SHAPE_VALUES = IXS_RESPONSE_VALUES };

struct ixs_shape {                /* a value */
    struct ixs_response response; /* unit area, centred */
    double covariance[IXS_SHAPE_VALUES]
                     [IXS_SHAPE_VALUES]; /* of the values of ixs_response_count() */
    double fwhm, fwhm_err;               /* meV */
    double center_err;                   /* meV, of the peak's place beside the centroid */
    double share_err;                    /* relative, of the peak's share of the area */
    double lowest, highest;              /* meV, range measured */
    double deviance;                     /* of counting alone */
    long dof;
    double jitter; /* meV, rms jitter of the energy axis that the fit allows for */
    double excess; /* deviance per dof that is left, at least 1: errors are enlarged by its root */
};

struct ixs_shape_task {
    size_t most; /* parts; 0: IXS_SHAPE_MOST */
    size_t ntraces;
    struct ixs_trace **traces;     /* the brightest first; their `shape` is filled */
    double floor;                  /* meV, no part is narrower */
    double jitter;                 /* meV, rms, of the energy axis; NaN: as the residuals show */
    const struct ixs_curve *wings; /* for ixs_shape_join; else NULL */
};

/* False without a failure recorded (err->code is IXS_OK): no fit converged. */
IXS_MUST_CHECK bool ixs_shape_fit(struct ixs_shape *out, const struct ixs_shape_task *task,
                                  struct ixs_err *err);

/* R x S of a glass, of unit area (standard_angles.c); the caller disposes. */
IXS_MUST_CHECK bool ixs_shape_wings(struct ixs_curve *out, const struct ixs_shape *shape,
                                    double kelvin, struct ixs_err *err);
/* From the *shape of the first trace to one of all: what the sample scatters at the others' angles
 * beside that is fitted as a part of `wings` in each, and becomes their `inelastic`; the jitter is
 * given. Left as it is where no fit converges. */
IXS_MUST_CHECK bool ixs_shape_join(struct ixs_shape *shape, const struct ixs_shape_task *task,
                                   struct ixs_err *err);

/* The same traces by a smooth table instead, from the sum that *shape is; left as it is where that
 * does not converge (standard_smooth.c). */
IXS_MUST_CHECK bool ixs_shape_smooth(struct ixs_shape *shape, const struct ixs_shape_task *task,
                                     struct ixs_err *err);

/* Expected counts of the shape fit at point i of a trace. */
double ixs_shape_expected(const struct ixs_shape *shape, const struct ixs_trace *trace, size_t i);

/* Poisson deviance of all its points. */
double ixs_shape_deviance(const struct ixs_shape *shape, const struct ixs_trace *trace);

/* What a glass scatters inelastically, of no particular scale (standard_known.c); NaN kelvin: room
 * temperature. */
double ixs_shape_glass(double kelvin, double energy);

/* Error of the response at an energy, 1/meV; the range about 0 in which it is known within 10 %
 * (standard_known.c). left: share of the area that may be the sample's inelastic part; kelvin: of
 * the sample. */
double ixs_shape_error(const struct ixs_shape *shape, double energy);
void ixs_shape_known(const struct ixs_shape *shape, double left, double kelvin, double *lo,
                     double *hi);
extern const double ixs_shape_left_over; /* that of a scan at the sample's brightest angle */

#define IXS_CORE_REACH 1.6 /* widths to either side that count as the peak */

/* Fits zero, area, background and then the stretch to the peak of a trace: fills `core`; NaN where
 * it does not converge (standard_core.c). */
IXS_MUST_CHECK bool ixs_core_fit(struct ixs_trace *trace, const struct ixs_response *response,
                                 struct ixs_err *err);

/* ---- two-way tables: value = row + column + scatter (standard_twoway.c) ---------------------- */

struct ixs_twoway_datum {
    size_t row, column;
    double value, err; /* err: of counting alone */
};

struct ixs_twoway { /* owns its arrays */
    size_t nrows, ncolumns;
    double *row, *row_err;       /* [nrows]; NaN: no datum */
    double *column, *column_err; /* [ncolumns]; NaN: no datum */
    size_t *part; /* [nrows] rows of one part are linked by columns; SIZE_MAX: no datum */
    size_t nparts;
    double scatter; /* standard deviation beyond counting; NaN: no repeats to tell it */
    long dof;
};

enum ixs_twoway_anchor { IXS_TWOWAY_ROWS, IXS_TWOWAY_COLUMNS }; /* whose mean is 0, in each part */

/* The scatter is added to the counting errors in quadrature so that chi-squared equals the degrees
 * of freedom (Paule & Mandel, J. Res. Natl. Bur. Stand. 87, 377, 1982). */
IXS_MUST_CHECK bool ixs_twoway_fit(struct ixs_twoway *out, size_t n,
                                   const struct ixs_twoway_datum *data,
                                   enum ixs_twoway_anchor anchor, struct ixs_err *err);
void ixs_twoway_dispose(struct ixs_twoway *table);

/* The scatter about `center` (NaN: about the weighted mean) in the same sense; NaN for none. */
double ixs_twoway_scatter(size_t n, const double *value, const double *err, double center);

/* ---- zeros, efficiencies, widths (standard_zero.c, standard_efficiency.c) -------------------- */

struct ixs_standard_result { /* of one analyzer */
    bool calibrated;
    char reason[81];
    struct ixs_shape shape;
    double zero, zero_err, efficiency, efficiency_err;
    double own_err; /* meV, of the zero beside all drift and scatter */
};

enum ixs_removal { IXS_REMOVAL_NONE, IXS_REMOVAL_JOINT, IXS_REMOVAL_PRIOR };

struct ixs_standard { /* owns its arrays */
    enum ixs_removal removal;
    const struct ixs_standard_task *task;
    struct ixs_traces traces;
    struct ixs_standard_result *results; /* [nanalyzers] */
    double jitter;                       /* meV, rms, of the energy axis; NaN: not found yet */
    struct ixs_calib_keys keys;
    struct ixs_calib_drift *drift; /* [ndrift] */
    size_t ndrift;
    double *origin, *origin_err;  /* [nscans] meV, drift of a scan; NaN: no line tells it */
    double start;                 /* s since 1970, of the first scan in DRIFT */
    struct ixs_calib_line *lines; /* [nlines] */
    size_t nlines;
    struct ixs_calib_density *density; /* [ndensity] */
    size_t ndensity;
};

/* Takes the sample's inelastic part off the responses where the scans tell it (standard_removal.c).
 */
IXS_MUST_CHECK bool ixs_standard_remove(struct ixs_standard *standard, struct ixs_err *err);
/* meV, least width of a part for these traces (standard.c). */
double ixs_standard_floor(const struct ixs_standard *standard, size_t n,
                          struct ixs_trace *const *traces);

void ixs_standard_forget_drift(struct ixs_standard *standard);
IXS_MUST_CHECK bool ixs_standard_zeros(struct ixs_standard *standard, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_standard_efficiencies(struct ixs_standard *standard, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_standard_widths(struct ixs_standard *standard, struct ixs_err *err);

/* ---- what scans tell beside the response (standard_repeats.c) ------------------------------- */

/* Change of areas and widths with time, from repeats of an analyzer at one angle; notes when the
 * sample suffers. */
IXS_MUST_CHECK bool ixs_standard_repeats(struct ixs_standard *standard, struct ixs_err *err);
/* SETTINGS. */
IXS_MUST_CHECK bool ixs_standard_settings(struct ixs_calib *out,
                                          const struct ixs_standard *standard, struct ixs_err *err);

/* Responses from all long scans that light an analyzer, where that is asked for
 * (standard_angles.c). */
IXS_MUST_CHECK bool ixs_standard_join(struct ixs_standard *standard, struct ixs_err *err);
/* Whether both stood behind the same slits (standard_light.c). */
bool ixs_trace_same_slits(const struct ixs_trace *a, const struct ixs_trace *b);

/* Takes the jitter that analyzers share off the energies of all lit traces (standard_axis.c). */
IXS_MUST_CHECK bool ixs_standard_axis(struct ixs_standard *standard, struct ixs_err *err);
/* Share of the jitter that is left in a point. */
double ixs_trace_left(const struct ixs_trace *trace, size_t i);

/* Finds the known lines of samples' scans: fills `core` and `found` (standard_lines.c); after the
 * zeros of the reference scans. */
IXS_MUST_CHECK bool ixs_standard_lines(struct ixs_standard *standard, struct ixs_err *err);
/* How the zeros wander, all together and each by itself, and the table LINES (standard_drift.c). */
IXS_MUST_CHECK bool ixs_standard_drift(struct ixs_standard *standard, struct ixs_err *err);
struct ixs_standard_datum { /* s since the first scan, meV */
    double time, value, error;
};
struct ixs_standard_room { /* to lay series out in; owns its arrays */
    struct ixs_standard_datum *data;
    double *values;
};
IXS_MUST_CHECK bool ixs_standard_room(struct ixs_standard_room *out,
                                      const struct ixs_standard *standard, struct ixs_err *err);
void ixs_standard_room_dispose(struct ixs_standard_room *room);
/* Drift of a scan, meV: its own, or as the others foretell it. */
void ixs_standard_foretell(const struct ixs_standard *standard, size_t scan,
                           struct ixs_standard_room *room, double *value, double *variance);
/* Known energy over found energy, from the known lines; fills keys.scale (standard_scale.c). */
IXS_MUST_CHECK bool ixs_standard_scale(struct ixs_standard *standard, struct ixs_err *err);

/* ---- into the product (standard_table.c) ----------------------------------------------------- */

/* A row without numbers of its own; one pseudo-Voigt (from 0) with the variances of its four. */
struct ixs_calib_analyzer ixs_standard_row(const struct ixs_analyzer *analyzer);
struct ixs_calib_component ixs_standard_component(const char *analyzer, size_t k,
                                                  const struct ixs_response_part *part,
                                                  const double variance[4]);

/* standard_curve.c: the response on a grid up to +-reach, _rows() rows for each analyzer; a scan
 * that it was fitted to. out->response has room. */
size_t ixs_standard_curve_rows(void);
void ixs_standard_curve(struct ixs_calib *out, const char *analyzer, const struct ixs_shape *shape,
                        double reach);
void ixs_standard_measured(struct ixs_calib *out, const char *analyzer, int64_t scan,
                           const struct ixs_shape *shape, const struct ixs_trace *trace);

IXS_MUST_CHECK bool ixs_standard_tables(struct ixs_calib *out, struct ixs_standard *standard,
                                        struct ixs_err *err);

#endif
