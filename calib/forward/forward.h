/* SPDX-License-Identifier: GPL-3.0-or-later
 * A simulated beamtime: from a sample XML to counts, to the SPEC file that the beamline would have
 * written, and to the truth as products. It shares no formula code with models/ nor with
 * calib/instrument/geometry: what it makes is an independent check of both.
 *
 * Measured, as FIELD.md 2.3 has it: COUNTS ~ Poisson(exposure {R (x) [elastic + modes] +
 * background}
 * + dark). Intensities are count/s, and areas meV count/s, at the reference monitor rate.
 */
#ifndef IXS_CALIB_FORWARD_FORWARD_H
#define IXS_CALIB_FORWARD_FORWARD_H

#include "base/config.h"
#include "base/notes.h"
#include "products/calibration.h"
#include "products/fit.h"
#include "products/spectra.h"

#include <stdint.h>
#include <stdio.h>

/* ---- line shapes (forward_spectrum.c) -------------------------------------------------------- */

enum { IXS_FORWARD_MOST_COMPONENTS = 8 };

struct ixs_forward_component { /* one pseudo-Voigt */
    double weight;             /* share of the area */
    double center, fwhm;       /* meV */
    double eta;                /* Lorentzian share of its area */
};

struct ixs_forward_response { /* R(E): unit area */
    size_t ncomponents;
    struct ixs_forward_component components[IXS_FORWARD_MOST_COMPONENTS];
};

struct ixs_forward_mode {
    char branch[25];
    double omega0, fwhm; /* meV; fwhm is the full damping width */
    double strength;     /* meV count/s */
};

struct ixs_forward_hopping { /* a Lorentzian at zero energy with detailed balance */
    double area;             /* meV count/s, classical */
    double fwhm;             /* meV; 0: none */
};

/* A place where an integrand varies on a scale (distance of the pole from the real axis). */
struct ixs_forward_spike {
    double at, scale;
};
typedef double ixs_forward_function(double x, const void *context);

/* Integral of f from lo to hi: Gauss-Legendre panels that shrink towards the spikes. */
double ixs_forward_integral(ixs_forward_function *f, const void *context, size_t nspikes,
                            const struct ixs_forward_spike *spikes, double lo, double hi);

double ixs_forward_response_at(const struct ixs_forward_response *response, double energy);
/* Scales the weights to 1 and shifts all centres so that the centroid within +-10 meV is 0. */
void ixs_forward_response_center(struct ixs_forward_response *response);
double ixs_forward_response_fwhm(const struct ixs_forward_response *response);
/* Share of the area within lo .. hi that lies beyond +-10 meV. */
double ixs_forward_response_tail(const struct ixs_forward_response *response, double lo, double hi);

/* S(E) of one damped harmonic oscillator, CONTRACT.md 4, count/s. */
double ixs_forward_dho(const struct ixs_forward_mode *mode, double kelvin, double energy);
/* (R (x) S)(E), by quadrature to 1e-8 of its peak, count/s. */
double ixs_forward_blurred(const struct ixs_forward_mode *mode, double kelvin,
                           const struct ixs_forward_response *response, double energy);
/* The same of a quasi-elastic line, area (E/kT)/(1 - exp(-E/kT)) L(E). */
double ixs_forward_hopped(const struct ixs_forward_hopping *line, double kelvin,
                          const struct ixs_forward_response *response, double energy);
/* Integral of S over all energies, meV count/s. */
double ixs_forward_area(const struct ixs_forward_mode *mode, double kelvin);

/* ---- silicon (forward_thermal.c) ------------------------------------------------------------- */

struct ixs_forward_thermal { /* how a monochromator's temperature gives energy */
    bool okada;              /* the law, else alpha + slope (T - at) */
    double alpha, slope, at; /* 1/K, 1/K^2, K */
    double scale;            /* true alpha beside that of the law */
    double kelvin;           /* of the analyzers */
    double reflection[3];
};

double ixs_forward_expansion(const struct ixs_forward_thermal *thermal, double kelvin); /* 1/K */
/* meV, of a monochromator colder than the analyzers by `difference` (K); and back. */
double ixs_forward_transfer(const struct ixs_forward_thermal *thermal, double difference);
double ixs_forward_difference(const struct ixs_forward_thermal *thermal, double energy);

/* ---- the crystal and the diffractometer (forward_aim.c, forward_place.c) --------------------- */

struct ixs_forward_setting { /* fourc angles, deg */
    double tth, th, chi, phi;
};

struct ixs_forward_reflection {
    double h, k, l;
    struct ixs_forward_setting at;
};

struct ixs_forward_crystal {
    double a, b, c, alpha, beta, gamma; /* Angstrom, deg */
    char centring[3];
    struct ixs_forward_reflection or0, or1;
    double wavelength;    /* Angstrom */
    bool sixcircle;       /* and not fourc */
    double mu, gam;       /* deg, tilt of the beam and lift of the arm; they stay */
    double reciprocal[6]; /* 1/Angstrom with 2 pi, deg; filled by _orient */
    double ub[3][3];      /* 1/Angstrom with 2 pi; filled by _orient */
};

/* Fills reciprocal and ub; fails if the lattice or the two reflections cannot be. */
IXS_MUST_CHECK bool ixs_forward_orient(struct ixs_forward_crystal *crystal, struct ixs_err *err);
void ixs_forward_hkl(const struct ixs_forward_crystal *crystal, double two_theta, double gam,
                     const struct ixs_forward_setting *at, double hkl[3]);
/* Bisecting setting (omega = 0) for a reflection, rounded to the steps of the motors. */
IXS_MUST_CHECK bool ixs_forward_aim(const struct ixs_forward_crystal *crystal, const double hkl[3],
                                    struct ixs_forward_setting *at, struct ixs_err *err);
/* The pieces of both for six circles: Q in the frame of phi, in units of 2 pi/lambda; its length; a
 * setting with omega = 0 for v = U B h, false if there is none. */
void ixs_forward_direction(const struct ixs_forward_crystal *crystal, double tth, double gam,
                           const struct ixs_forward_setting *at, double q[3]);
double ixs_forward_scattering(const struct ixs_forward_crystal *crystal, double tth, double gam);
IXS_MUST_CHECK bool ixs_forward_aim_six(const struct ixs_forward_crystal *crystal,
                                        const double v[3], double length,
                                        struct ixs_forward_setting *at);
/* Nearest allowed reciprocal-lattice point; returns the distance in 1/Angstrom. */
double ixs_forward_nearest(const struct ixs_forward_crystal *crystal, const double hkl[3],
                           double nearest[3]);
/* Degrees between Q and what is left of it beyond that point; NaN where either is 0. */
double ixs_forward_angle(const struct ixs_forward_crystal *crystal, const double hkl[3],
                         const double nearest[3]);
/* ALPHA, BETA, OMEGA, AZIMUTH of #G4 (deg), with (0 0 1) the azimuthal reference. */
void ixs_forward_azimuth(const struct ixs_forward_crystal *crystal,
                         const struct ixs_forward_setting *at, double angles[4]);

/* ---- the plan of a beamtime (forward_sample.c) ----------------------------------------------- */

struct ixs_forward_branch {
    char name[25];
    char law[9];                      /* linear, sine, optic, random */
    double velocity;                  /* km/s */
    double zone;                      /* 1/Angstrom, where the sine has its maximum */
    double energy, curvature;         /* meV, meV Angstrom^2: optic at q = 0 */
    double energy_lo, energy_hi;      /* meV, random: uniform */
    double width, slope, power;       /* meV: width + slope (q Angstrom)^power */
    double width_lo, width_hi;        /* meV, random: uniform in its logarithm */
    double strength;                  /* meV count/s */
    char strength_law[9];             /* constant; inverse: strength x 1 meV / omega0 */
    double strength_lo, strength_hi;  /* meV count/s, random: uniform in its logarithm */
    double reference;                 /* K, where all this holds; 0: everywhere */
    double energy_power, width_power; /* of T/reference */
};

struct ixs_forward_analyzer {
    char name[25];
    char mask[49];        /* motor of its mask, "" if none */
    char thermometer[49]; /* column of its temperature, "" if none */
    double position, row; /* along the array and across it, in pitches */
    double offset;        /* deg, beside position x pitch */
    double zero;          /* meV, on the axis recorded + E_ORIGIN, without drift */
    double drift;         /* meV/h, its own, beside that of all */
    double warmer;        /* K, than the stated temperature; it needs a thermometer */
    double efficiency;    /* brought to mean 1 over those that are not masked */
    double dark;          /* count/s */
    double transmission;  /* of its mask; 0: masked */
    double burst_chance;  /* per point */
    double burst_counts;  /* mean of a burst */
    int64_t burst_from;   /* first scan of the plan with bursts, from 1 */
    struct ixs_forward_response response;
};

struct ixs_forward_scan { /* one scan of the plan */
    char kind[10];        /* reference, phonon, alignment, cell: as phonon without the sample */
    char main[25];        /* analyzer that stands at tth */
    size_t main_index;
    int64_t number;  /* after #S; 0: the next one */
    double h, k, l;  /* phonon, alignment: put on the main analyzer */
    double tth;      /* reference: deg, of the main analyzer */
    double from, to; /* motor units; alignment: beside the aimed angle */
    int64_t intervals;
    double time;         /* s a point */
    double temperature;  /* K; NaN: that of the sample */
    int64_t abort;       /* points after which it was stopped; 0: whole */
    char reset[17];      /* energy axis before this scan: "", "peak", or the reading set to 0 */
    bool header;         /* the file header is written again before it */
    double pause;        /* s before it */
    char masked[25];     /* an analyzer masked in this scan, "" if none */
    double transmission; /* of that mask */
};

enum ixs_forward_dialect {
    IXS_DIALECT_HERIX,
    IXS_DIALECT_ID28,
    IXS_DIALECT_SPRING8,
    IXS_DIALECT_NSLS2
};

struct ixs_forward_cell { /* what the sample is in: a glass, the same at all Q; all-zero: none */
    double transmission;  /* of the sample: so much of it is left in a phonon scan */
    double area;          /* meV count/s, elastic */
    double background;    /* count/s */
    double energy, width; /* meV: two humps at +-energy of this rms width, */
    double height;        /* count/s, with detailed balance */
};

struct ixs_forward { /* owns its arrays; all-zero is empty */
    enum ixs_forward_dialect dialect;
    char name[65], user[33], title[33];
    char origin[121]; /* #F */
    int64_t epoch;    /* s, #E */
    int64_t seed;
    double scale;   /* factor on all counting times */
    size_t threads; /* 0: as many as there are processors */
    struct ixs_forward_crystal crystal;
    double temperature;             /* K */
    double elastic, diffuse, reach; /* meV count/s, meV count/s, 1/Angstrom:
                                       elastic + diffuse / (1 + (q/reach)^2) */
    double background;              /* count/s, not convolved */
    struct ixs_forward_cell cell;
    struct ixs_forward_hopping hopping;          /* as it is at hopping_kelvin (K) */
    double hopping_kelvin, barrier;              /* meV: FWHM goes with exp(-barrier/kT) */
    double standard, standard_q, standard_width; /* meV count/s, 1/Angstrom: the reference sample's
                               elastic area, a Gaussian in Q */
    double standard_floor;                       /* share that remains far from that Q */
    double pitch;                                /* deg */
    bool floating;                   /* the header names the analyzer that stands at tth */
    double middle, middle_row;       /* else that one does */
    double radius, pitch_x, pitch_z; /* mm, of a flat array; radius 0: it is not */
    bool by_temperature;             /* thermal, and not axis_scale */
    bool by_difference;              /* the axis reads analyzers' temperature less this one's */
    struct ixs_forward_thermal thermal;
    double axis_scale, axis_start; /* true meV a recorded unit; recorded units */
    char axis[49], time[49];       /* labels */
    char thermometer[49];          /* of the monochromator, "" if the axis itself is it */
    char thermometer_unit[5];      /* of it and of the analyzers': ohm, K, degC */
    double steinhart[3];
    char warmth[49];     /* label of the sample's temperature, "" if none */
    char circles[6][49]; /* motors: tth, th, chi, phi, mu, gam; "" if none */
    char instrument[32], monitor[49];
    double reference; /* monitor counts per s that intensities refer to */
    double rate, decay, flicker,
        noise;            /* count/s, 1/h, relative: of the beam, of the monitor alone */
    bool polarization;    /* whether an analyzer sees less of a polarized beam */
    double horizontal;    /* share of the beam whose field lies in the plane; the rest is across */
    double step, jitter;  /* meV: of the energy motor, unseen scatter of a point */
    double drift, wander; /* meV/h, meV per scan */
    size_t nbranches, nanalyzers, nscans;
    struct ixs_forward_branch *branches;
    struct ixs_forward_analyzer *analyzers;
    struct ixs_forward_scan *scans;
};

struct ixs_instrument;

IXS_MUST_CHECK bool ixs_forward_read(struct ixs_forward *out, const struct ixs_config *sample,
                                     const struct ixs_instrument *instrument, struct ixs_err *err);
void ixs_forward_dispose(struct ixs_forward *forward);

/* ---- measuring (forward.c, forward_scan.c) --------------------------------------------------- */

struct ixs_forward_site {     /* what one analyzer looks at in one scan */
    double two_theta, gam, q; /* deg, deg, 1/Angstrom */
    double hkl[3], g[3];      /* r.l.u. */
    double q_reduced;         /* 1/Angstrom */
    double polarization;      /* share of the beam that is scattered to it */
    double transmission;      /* of the mask */
    double exposure;          /* efficiency x mask x polarization: exposure per reference second */
    double elastic, background; /* meV count/s, count/s */
    double cell;                /* share of the cell's light */
    struct ixs_forward_hopping hopping;
    size_t nmodes;
    struct ixs_forward_mode *modes; /* into the scan's */
};

struct ixs_forward_point { /* one row */
    double position;       /* the motor's, as the file has it */
    double axis;           /* meV, recorded + E_ORIGIN, of an analyzer at the stated temperature */
    double difference;     /* K, that temperature less the monochromator's */
    double shift;          /* meV, drift and jitter of all */
    double flux;           /* of the reference rate, averaged over the point */
    double monitor;        /* counts */
    double clock;          /* s since the beamtime began, at the end of the point */
};

struct ixs_forward_shot { /* one scan as it went */
    const struct ixs_forward_scan *plan;
    int64_t number, header; /* after #S; clock of the file header in force, s */
    double clock;           /* s since the beamtime began */
    double time;            /* s a point */
    double kelvin;
    double e_origin;   /* meV */
    double reset_from; /* the reading that was set to 0 before; NaN: none */
    double reset_clock;
    double shift; /* meV, drift at the middle of the scan */
    struct ixs_forward_setting at;
    double hkl[3];
    size_t npoints, nplanned;
    struct ixs_forward_site *sites;   /* [nanalyzers] */
    struct ixs_forward_mode *modes;   /* [nanalyzers][nbranches], of the sites */
    struct ixs_forward_point *points; /* [npoints] */
    double *expected;                 /* [npoints][nanalyzers], without bursts */
    double *counts;                   /* [npoints][nanalyzers], with bursts */
    double *bursts;                   /* [npoints][nanalyzers], of the counts */
};

struct ixs_forward_beamtime { /* owns its arrays; borrows the plan */
    const struct ixs_forward *forward;
    size_t nshots;
    struct ixs_forward_shot *shots;
};

/* The same numbers for the same plan and seed. */
IXS_MUST_CHECK bool ixs_forward_run(struct ixs_forward_beamtime *out,
                                    const struct ixs_forward *forward, struct ixs_err *err);
void ixs_forward_beamtime_dispose(struct ixs_forward_beamtime *beamtime);

/* Independent random numbers for one purpose of one scan. */
enum ixs_forward_stream {
    IXS_STREAM_COUNTS,
    IXS_STREAM_BEAM,
    IXS_STREAM_AXIS,
    IXS_STREAM_MODES,
    IXS_STREAM_SURROUNDINGS,
};
uint32_t ixs_forward_seed(int64_t seed, size_t scan, enum ixs_forward_stream stream);

/* Steps of ixs_forward_run, one scan: what each analyzer sees; the rows and their counts. */
IXS_MUST_CHECK bool ixs_forward_look(const struct ixs_forward *forward, size_t scan,
                                     struct ixs_forward_shot *shot, struct ixs_err *err);
IXS_MUST_CHECK bool ixs_forward_measure(const struct ixs_forward *forward, size_t scan,
                                        const double drift[2], struct ixs_forward_shot *shot,
                                        struct ixs_err *err);
/* Seconds from the first to the last point. */
double ixs_forward_duration(const struct ixs_forward_shot *shot);
/* Two theta and gamma of an analyzer, deg. */
void ixs_forward_place(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                       size_t analyzer, double *tth, double *gam);
/* True energy of one analyzer at one point, meV: what its own axis says - zero - shift - drift. */
double ixs_forward_energy(const struct ixs_forward *forward, size_t analyzer,
                          const struct ixs_forward_point *point);
/* Recorded reading of an axis energy that holds the resets (meV), and back; in motor units. */
double ixs_forward_reading(const struct ixs_forward *forward, double axis, double e_origin);
void ixs_forward_settle(const struct ixs_forward *forward, double reading, double e_origin,
                        struct ixs_forward_point *point);
/* Expected counts of one analyzer at one point. */
double ixs_forward_expected(const struct ixs_forward *forward, const struct ixs_forward_shot *shot,
                            size_t analyzer, const struct ixs_forward_point *point);

/* ---- writing (forward_spec.c, forward_truth.c) ----------------------------------------------- */

/* The SPEC file, in the dialect of the beamline, into a stream. */
void ixs_forward_spec(const struct ixs_forward_beamtime *beamtime, FILE *out);

IXS_MUST_CHECK bool ixs_forward_truth_calib(const struct ixs_forward_beamtime *beamtime,
                                            struct ixs_calib *out, struct ixs_err *err);
/* All phonon scans side by side, and their modes. `file` is the base name of the SPEC file. */
IXS_MUST_CHECK bool ixs_forward_truth_spectra(const struct ixs_forward_beamtime *beamtime,
                                              const char *file, struct ixs_spectra *out,
                                              struct ixs_err *err);
IXS_MUST_CHECK bool ixs_forward_truth_fit(const struct ixs_forward_beamtime *beamtime,
                                          const struct ixs_spectra *spectra, const char *source,
                                          struct ixs_fit *out, struct ixs_err *err);

/* ---- on disk (forward_write.c) --------------------------------------------------------------- */

/* The SPEC file under `spec`, and PREFIX_calib.fits, PREFIX_spectra.fits, PREFIX_fit.fits with the
 * truth; all end in .gz, really compressed, if `spec` does. prefix NULL: "beam_truth" beside
 * beam.spec. */
IXS_MUST_CHECK bool ixs_forward_write(const struct ixs_forward_beamtime *beamtime, const char *spec,
                                      const char *prefix, const struct ixs_provenance *provenance,
                                      const struct ixs_commit *how, struct ixs_err *err);

#endif
