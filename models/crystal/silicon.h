/* SPDX-License-Identifier: GPL-3.0-or-later
 * Silicon: its thermal expansion by the laws in use, integrated exactly, and the energy that a
 * crystal in backscattering selects. Temperatures are in K, alpha in 1/K.
 */
#ifndef IXS_MODELS_CRYSTAL_SILICON_H
#define IXS_MODELS_CRYSTAL_SILICON_H

#include <stdbool.h>

enum ixs_silicon_law {
    IXS_SILICON_LINEAR, /* alpha + slope (T - kelvin) */
    IXS_SILICON_OKADA,  /* Okada & Tokumaru, J. Appl. Phys. 56, 314 (1984), 120 .. 1500 K */
};

struct ixs_silicon { /* a value */
    enum ixs_silicon_law law;
    double alpha, alpha_error; /* 1/K, at `kelvin`; error NaN: not known */
    double slope, slope_error; /* 1/K^2 */
    double kelvin;
};

/* The law of that name, false if there is none:
 * "default"  2.581(2) + 0.0084(8) (T - 295.65), 1e-6/K: Bergamin, Cavagnero & Mana (J. Appl.
 *            Phys. 82, 5396, 1997) at 295.65 K, and the slope to the 2.621(3) of Munakata &
 *            Okazaki (2004) at 300.4 K; Okada & Tokumaru's slope at 300 K is 0.00834.
 *            285 to 315 K.
 * "bergamin" the same at 295.65 K with slope 0.016(4), as ID28's reduction codes it.
 * "okada"    +-0.2e-6.
 * "constant" 2.581e-6, "linear" the same with no slope: their numbers are to be stated. */
bool ixs_silicon_named(struct ixs_silicon *out, const char *name);

double ixs_silicon_alpha(const struct ixs_silicon *silicon, double kelvin);
/* Integral of alpha from one temperature to another: ln of the ratio of the lattice parameters. */
double ixs_silicon_strain(const struct ixs_silicon *silicon, double from, double to);
/* Lattice parameter, Angstrom. */
double ixs_silicon_lattice(const struct ixs_silicon *silicon, double kelvin);
/* Photon energy that (h k l) at that temperature reflects straight back, meV. Refraction shifts
 * monochromator and analyzer alike and leaves their difference alone. */
double ixs_silicon_energy(const struct ixs_silicon *silicon, const int hkl[3], double kelvin);
/* E_in - E_out, meV, positive when the monochromator is colder than the analyzer:
 * E_out (exp(integral of alpha from monochromator to analyzer) - 1). */
double ixs_silicon_transfer(const struct ixs_silicon *silicon, double reflected,
                            double monochromator, double analyzer);
/* Relative standard error of an energy transfer between temperatures near `kelvin`, from that of
 * alpha; NaN: not known. */
double ixs_silicon_error(const struct ixs_silicon *silicon, double kelvin);

#endif
