/* SPDX-License-Identifier: GPL-3.0-or-later
 * Thermal conductivity that modes with known laws carry, as if each stood for all directions of its
 * q (an isotropic crystal; one direction out of three):
 *   kappa = 1/3 Sum_branches Int 4 pi q^2 dq/(2 pi)^3  C v^2 tau,
 * C = k x^2 e^x/(e^x - 1)^2 with x = OMEGA0/kT, tau = hbar/FWHM (the single-mode relaxation time of
 * the phonon Boltzmann equation: Ziman, Electrons and Phonons, 1960, ch. 8). Each mode stands for
 * the shell of q that is nearer to it than to the other modes of its branch. The group velocity is
 * known at one temperature and changes with OMEGA0.
 */
#ifndef IXS_MODELS_THERMAL_KAPPA_H
#define IXS_MODELS_THERMAL_KAPPA_H

#include "base/err.h"
#include "models/thermal/thermal.h"

struct ixs_kappa_mode {
    const struct ixs_thermal_fit *fit;
    size_t branch;                 /* any number: velocities of one branch err together */
    double q;                      /* 1/Angstrom */
    double q_lo, q_hi;             /* the shell: filled by ixs_kappa_shells */
    double velocity, velocity_err; /* km/s */
    double velocity_kelvin;        /* where it is known */
};

/* Shells of all modes; the outermost of each branch ends at q_zone. */
void ixs_kappa_shells(size_t n, struct ixs_kappa_mode *modes, double q_zone);

/* Share of a mode, W/m/K, with parameters p of its laws (NULL: those fitted), and its error; with a
 * FWHM (meV) that is given. */
double ixs_kappa_share(const struct ixs_kappa_mode *mode, const double *p, double kelvin);
double ixs_kappa_share_error(const struct ixs_kappa_mode *mode, double kelvin);
double ixs_kappa_share_of(const struct ixs_kappa_mode *mode, double kelvin, double width);

/* C/k of a mode of that energy (meV). */
double ixs_kappa_heat(double omega, double kelvin);

struct ixs_kappa { /* owns its arrays; all-zero is empty */
    size_t n;
    double *kappa;      /* [n], W/m/K */
    double *covariance; /* [n * n] */
};

/* Covariance [parameters of one's laws][parameters of the other's] of two of the modes. */
typedef void ixs_kappa_between(const void *context, size_t one, size_t other, double *covariance);

struct ixs_kappa_kin { /* modes whose laws vary together */
    ixs_kappa_between *between;
    const void *context;
};

/* Sum over the modes at n temperatures; errors of the laws and velocities carried on linearly. kin
 * NULL: laws of different modes are independent. */
IXS_MUST_CHECK bool ixs_kappa_sum(size_t nmodes, const struct ixs_kappa_mode *modes, size_t n,
                                  const double *kelvin, const struct ixs_kappa_kin *kin,
                                  struct ixs_kappa *out, struct ixs_err *err);
void ixs_kappa_dispose(struct ixs_kappa *kappa);

/* Slope of the straight line through ln kappa against ln T, all temperatures alike, and its error;
 * NaN for less than two. */
void ixs_kappa_exponent(const struct ixs_kappa *kappa, const double *kelvin, double *exponent,
                        double *error);

#endif
