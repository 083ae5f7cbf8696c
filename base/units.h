/* SPDX-License-Identifier: GPL-3.0-or-later
 * Constants and conversions. CODATA 2018 (Rev. Mod. Phys. 93, 025010, 2021); those without an
 * uncertainty are exact in the SI of 2019.
 */
#ifndef IXS_BASE_UNITS_H
#define IXS_BASE_UNITS_H

#define IXS_PI 3.14159265358979323846
#define IXS_DEGREE (IXS_PI / 180.0)           /* rad */
#define IXS_BOLTZMANN 8.617333262145179e-2    /* meV/K, exact: k/e */
#define IXS_HBAR 0.6582119569509067           /* meV ps, exact: h/(2 pi e) */
#define IXS_HC 12.398419843320026             /* keV Angstrom, exact: hc/e */
#define IXS_GRAMS_PER_CM3 1.66053906660       /* g/cm^3: 1 u/Angstrom^3; +-0.00000000050 */
#define IXS_SILICON_A 5.431020511             /* Angstrom, 295.65 K, in vacuum; +-0.000000089 */
#define IXS_MEV_A_PER_KM_S 6.582119569509067  /* meV Angstrom: hbar x 1 km/s */
#define IXS_FWHM_PER_SIGMA 2.3548200450309493 /* sqrt(8 ln 2) */

#endif
