/* SPDX-License-Identifier: GPL-3.0-or-later
 * The spectra that all programs of the comparison fit, and their model,
 *   I(E) = b0 + b1 E + Ael R(E - E0) + Sum_j A_j (R x B D_j)(E - E0),
 *   B(x) = (x/kT)/(1 - exp(-x/kT)),  D(x) = (2/pi) G O^2/((O^2 - x^2)^2 + 4 G^2 x^2),
 * R a sum of pseudo-Voigts. Parameters: Ael, E0, b0, b1, then A, O, G of each mode; here G is half
 * of the FWHM of models/line/dho.h. Energies in meV, T = 300 K. Nothing of ixsflow in it: the peers
 * link this alone.
 */
#ifndef IXS_BENCH_PEERS_SPECTRA_H
#define IXS_BENCH_PEERS_SPECTRA_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PEERS_KT 25.851999786 /* meV, 0.08617333262 meV/K x 300 K */
#define PEERS_REACH 40.0      /* energies are -40 .. 40 meV */

enum { PEERS_MODES = 4, PEERS_PARAMETERS = 4 + 3 * 4, PEERS_PARTS = 2, PEERS_ANALYZERS = 32 };

struct peers_part { /* one pseudo-Voigt of a response */
    double weight, center, fwhm, eta;
};

struct peers_response {
    size_t nparts;
    struct peers_part parts[PEERS_PARTS];
};

struct peers_spectrum {
    long id;
    size_t analyzer, nmodes;
    const double *counts; /* [npoints] */
    double start[PEERS_PARAMETERS], truth[PEERS_PARAMETERS];
};

struct peers_set { /* owns its arrays */
    size_t npoints, nspectra, nanalyzers;
    double *energy; /* [npoints] */
    double *counts; /* [nspectra * npoints] */
    struct peers_spectrum *spectra;
    struct peers_response responses[PEERS_ANALYZERS];
};

/* FOLDER/spectraN.csv, startN.csv, truthN.csv, resolution.csv; ends the program if it cannot. */
void peers_read(struct peers_set *set, const char *folder, size_t npoints);
void peers_dispose(struct peers_set *set);

size_t peers_nparameters(const struct peers_spectrum *spectrum);

double peers_response_at(const struct peers_response *response, double x);
double peers_bose(double x);
double peers_mode(double x, double omega, double gamma);

#ifdef __cplusplus
}
#endif

#endif
