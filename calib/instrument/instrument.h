/* SPDX-License-Identifier: GPL-3.0-or-later
 * The instrument: what the XML says of a beamline (configs/instrument.xsd). An experiment's
 * <instrument> holds the same elements and goes over it.
 */
#ifndef IXS_CALIB_INSTRUMENT_INSTRUMENT_H
#define IXS_CALIB_INSTRUMENT_INSTRUMENT_H

#include "base/config.h"
#include "models/crystal/silicon.h"

enum {
    IXS_MOST_ANALYZERS = 64,
    IXS_MOST_THERMOMETERS = 8,
    IXS_MOST_SENTINELS = 8,
    IXS_MOST_REFLECTIONS = 8,
    IXS_MOST_ATTENUATORS = 4,
    IXS_MOST_SETTINGS = 16
};

struct ixs_analyzer { /* <analyzer>: one of the array; NaN: as the whole instrument, or not known */
    char name[25];    /* label of its counts */
    bool unused;      /* it has a place in the array and nothing behind it */
    double position;  /* along the array, in pitches */
    double row;       /* across it, in pitches, from the top; 0 */
    double offset;    /* deg, of its two theta beside position x pitch; 0 */
    char mask[49];    /* motor that tells its mask's opening, "" if none */
    double open;      /* motor units; masked below */
    char thermometer[49]; /* column of its own temperature, "" if none */
    double correction;    /* K, taken off its temperature's difference to the monochromator's */
    char slit_x[49], slit_z[49]; /* motors of the gaps of its own slits, "" if none */
    char header_h[49], header_k[49], header_l[49]; /* #H names of its HKL, "" if none */
    double fwhm, eta;                              /* meV, Lorentzian share: nominal response */
    double zero;       /* meV; nominal, for a simulation or a calibration without scans */
    double efficiency; /* mean 1 */
    double dark_rate;  /* count/s */
    double dead_time;  /* s */
};

enum ixs_place { IXS_PLACE_COLUMN, IXS_PLACE_METADATA, IXS_PLACE_MOTOR };

struct ixs_thermometer { /* where a scan tells the sample's temperature */
    enum ixs_place place;
    char name[49];
};

struct ixs_thermometry {                                   /* <temperature> */
    struct ixs_thermometer sources[IXS_MOST_THERMOMETERS]; /* the first that is plausible counts */
    size_t nsources;
    double sentinels[IXS_MOST_SENTINELS]; /* K, readings that mean none */
    size_t nsentinels;
    double least, most; /* K, plausible */
    double agree;       /* K, sources farther apart are noted */
    double error;       /* K, of any thermometer */
};

struct ixs_named_reflection { /* <reflection>: the reflection that an angle names */
    double angle;             /* deg */
    char reflection[17];
};

struct ixs_thermal { /* <energy> by temperature: silicon turns it into energy */
    char by[12]; /* recorded, temperature (of the monochromator), difference (analyzer's less it) */
    char unit[5];               /* of the recorded axis: K, degC, mK; "" where it is none */
    char mono[49];              /* column of the monochromator's thermometer, "": the axis itself */
    char mono_unit[5];          /* K, degC, mK, ohm: of it and of the analyzers' thermometers */
    double steinhart[3];        /* 1/K: 1/T = [0] + [1] ln R + [2] (ln R)^3 */
    double reference;           /* degC, the analyzers' temperature as the beamline states it */
    char comment[25], word[25]; /* a scan's line "#C comment .. word VALUE" goes over it */
    char law[13];               /* <silicon law="..."> */
    struct ixs_silicon silicon;
    char angle[49];   /* motor that names the reflection, "" if none */
    double tolerance; /* deg */
    struct ixs_named_reflection named[IXS_MOST_REFLECTIONS];
    size_t nnamed;
};

struct ixs_monitoring { /* what its counts are to be freed from, and how sure they are */
    double dead_time;   /* s; 0 */
    double dark_rate;   /* count/s; 0 */
    double noise;       /* variance of a reading over the reading; 1: single photons */
};

struct ixs_attenuator { /* between monitor and sample */
    enum ixs_place place;
    char name[49];    /* of the motor or column whose reading tells the transmission */
    double tolerance; /* of `at` */
    struct {
        double at, transmission;
    } settings[IXS_MOST_SETTINGS];
    size_t nsettings; /* 0: the reading is the transmission */
};

struct ixs_polarization { /* of the beam */
    char direction[11];   /* "horizontal", "vertical", "": not stated, no correction */
    double degree;        /* 1 */
};

struct ixs_slit {    /* openings before the analyzers, in one direction; NaN: not stated */
    double distance; /* mm from the sample */
    double gap;      /* mm */
    char motor[49];  /* mm, of the gap; over it where the scan has it */
    double pitch;    /* mm between openings; NaN: in line with the analyzers */
};

struct ixs_array { /* <array>: flat, x in the plane of two theta, z out of it; mm; NaN: not stated
                    */
    double radius; /* from the sample */
    double pitch_x, pitch_z, offset_x, offset_z;
    double width, height; /* of an analyzer; round: its diameter is the smaller */
    char shape[10];       /* "rectangle", "round"; "": rectangle */
    struct ixs_slit slit_x, slit_z;
};

struct ixs_instrument { /* a plain value; NaN or "": not stated */
    char name[32];
    char dialect[9];           /* of its SPEC files: herix, id28, spring8, nsls2 */
    char reflection[17];       /* "12 12 12", of the analyzers */
    double photon_energy;      /* keV */
    double wavelength;         /* Angstrom, where the scan states none */
    char energy[49];           /* label of the energy axis */
    double energy_scale;       /* meV of energy transfer (loss positive) per recorded unit */
    double energy_scale_error; /* relative */
    double energy_origin;      /* recorded units, taken off before the scale; 0 */
    struct ixs_thermal thermal;
    char circles[10]; /* "fourc", "sixcircle": the frame of UB; "": as the motors are */
    char two_theta[49], theta[49], chi[49], phi[49], mu[49], gamma[49]; /* motors, "" if none */
    double fixed_mu, fixed_gamma; /* deg, where the scan does not have them; NaN: not stated */
    struct ixs_array array;
    double pitch;           /* deg of two theta between neighbours, where the array states none */
    double main;            /* position of the analyzer that the two theta motor refers to */
    double main_row;        /* its row */
    char main_metadata[49]; /* #H name that tells it, where a scan has it; "" if none */
    char monitor[49];       /* label */
    double reference;       /* count/s of the monitor; NaN: the median of the scan */
    struct ixs_monitoring monitoring;
    struct ixs_attenuator attenuators[IXS_MOST_ATTENUATORS];
    size_t nattenuators;
    struct ixs_polarization polarization;
    char time[49];    /* label of the counting time, s */
    double fwhm, eta; /* nominal response of an analyzer that has none of its own */
    double narrowest; /* meV, FWHM below which no true feature can be */
    struct ixs_thermometry temperature;
    struct ixs_analyzer analyzers[IXS_MOST_ANALYZERS];
    size_t nanalyzers;
};

/* Nothing stated but what is the same everywhere: scale 1, temperature between 1 and 2000 K. */
void ixs_instrument_default(struct ixs_instrument *out);
/* An analyzer of which nothing but the name is stated. */
struct ixs_analyzer ixs_instrument_analyzer(const char *name);

/* Puts what `node` holds over *out. Analyzers go by name: a new one is added. */
IXS_MUST_CHECK bool ixs_instrument_overlay(struct ixs_instrument *out,
                                           const struct ixs_config *config, struct ixs_node *node,
                                           struct ixs_err *err);

/* Puts an <energy> element (NULL: none) over the thermometers. */
IXS_MUST_CHECK bool ixs_instrument_overlay_energy(struct ixs_thermal *out,
                                                  const struct ixs_config *config,
                                                  struct ixs_node *node, struct ixs_err *err);

/* An instrument file by itself, witnessed in `provenance` (if not NULL). Analyzers that are not
 * used are in it until ixs_instrument_settle takes them out. */
IXS_MUST_CHECK bool ixs_instrument_read(struct ixs_instrument *out, const char *path,
                                        struct ixs_provenance *provenance, struct ixs_err *err);

void ixs_instrument_settle(struct ixs_instrument *instrument);

/* Whether UB is in the frame of the six-circle code: so stated, or mu or gamma are named. */
bool ixs_instrument_sixcircle(const struct ixs_instrument *instrument);

/* Degrees of two theta between neighbours in the middle of the array. */
double ixs_instrument_pitch(const struct ixs_instrument *instrument);

/* Puts an <attenuators> element (NULL: none) in place of the list. */
IXS_MUST_CHECK bool ixs_instrument_overlay_attenuators(struct ixs_instrument *out,
                                                       const struct ixs_config *config,
                                                       struct ixs_node *list, struct ixs_err *err);

/* Puts an <analyzers> element (NULL: none) over the list. */
IXS_MUST_CHECK bool ixs_instrument_overlay_analyzers(struct ixs_instrument *out,
                                                     const struct ixs_config *config,
                                                     struct ixs_node *list, struct ixs_err *err);

/* What is missing to turn readings into energy, or NULL. */
const char *ixs_instrument_energy_complaint(const struct ixs_instrument *instrument);
/* What is missing to reduce a scan, or NULL. */
const char *ixs_instrument_complaint(const struct ixs_instrument *instrument);

/* The analyzer of that name, ignoring case, or NULL. */
const struct ixs_analyzer *ixs_instrument_find(const struct ixs_instrument *instrument,
                                               const char *name);

#endif
