/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an instrument file means, in words: where energies, angles, counts and temperatures come
 * from, what a kelvin is worth, and what is missing.
 */
#include "calib/instrument/words.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const double ice = 273.15; /* K */

/* "name = value" with a unit, where the value is stated. */
static void number(FILE *out, const char *before, double value, const char *after)
{
    if (isfinite(value))
        fprintf(out, "%s%.6g%s", before, value, after);
}

static void word(FILE *out, const char *before, const char *text, const char *after)
{
    if (text[0] != '\0')
        fprintf(out, "%s%s%s", before, text, after);
}

static const char *stated(const char *name)
{
    return name[0] != '\0' ? name : "(not stated)";
}

/* ---- energy ---------------------------------------------------------------------------------- */

static void recorded(FILE *out, const struct ixs_instrument *instrument)
{
    fprintf(out, "  energy: column %s", stated(instrument->energy));
    if (instrument->energy_origin != 0.0)
        fprintf(out, ", less %g", instrument->energy_origin);
    if (instrument->energy_scale != 1.0)
        fprintf(out, ", times %g", instrument->energy_scale);
    fputs(": energy transfer in meV, positive for energy loss, but for the zeros\n", out);
}

static void thermometers(FILE *out, const struct ixs_instrument *instrument)
{
    const struct ixs_thermal *thermal = &instrument->thermal;
    size_t own = 0;
    for (size_t a = 0; a < instrument->nanalyzers; a++)
        own += instrument->analyzers[a].thermometer[0] != '\0';
    fprintf(out, "    the scan moves %s (%s)", instrument->energy,
            thermal->unit[0] != '\0' ? thermal->unit : "unit not stated");
    if (strcmp(thermal->by, "difference") == 0) {
        fputs(", the analyzers' temperature less the monochromator's\n", out);
        return;
    }
    if (thermal->mono[0] != '\0')
        fprintf(out, "; %s (%s) reads the monochromator", thermal->mono, thermal->mono_unit);
    if (own > 0)
        fprintf(out, "; %zu of %zu analyzers have thermometers, the same unit", own,
                instrument->nanalyzers);
    else
        fputs("; the analyzers stand at the stated temperature", out);
    fputc('\n', out);
    if (isfinite(thermal->steinhart[0]))
        fprintf(out, "    thermistors: 1/T = %g + %g ln R + %g (ln R)^3\n", thermal->steinhart[0],
                thermal->steinhart[1], thermal->steinhart[2]);
}

/* What a kelvin is worth, for the reflection that is stated. */
static void worth(FILE *out, const struct ixs_instrument *instrument)
{
    const struct ixs_thermal *thermal = &instrument->thermal;
    double kelvin = thermal->reference + ice;
    int hkl[3];
    fprintf(out, "    silicon: alpha by the law '%s'", thermal->law);
    if (isfinite(kelvin))
        fprintf(out, ", %.4ge-6/K at %g degC", 1e6 * ixs_silicon_alpha(&thermal->silicon, kelvin),
                thermal->reference);
    if (thermal->comment[0] != '\0')
        fprintf(out, " (or the %s of a scan's line \"#C %s ..\")", thermal->word, thermal->comment);
    double error = 100.0 * ixs_silicon_error(&thermal->silicon, kelvin);
    if (isfinite(error))
        fprintf(out, ", +-%.2g %% of all energies", error);
    fputc('\n', out);
    if (!isfinite(kelvin) ||
        sscanf(instrument->reflection, "%d %d %d", &hkl[0], &hkl[1], &hkl[2]) != 3)
        return;
    double reflected = ixs_silicon_energy(&thermal->silicon, hkl, kelvin);
    double slope = reflected * ixs_silicon_alpha(&thermal->silicon, kelvin);
    fprintf(out,
            "    Si(%s) reflects %.4f keV there; 1 K of the monochromator is %.3f meV, 1 meV "
            "is %.2f mK\n",
            instrument->reflection, 1e-6 * reflected, slope, 1e3 / slope);
}

static void reflections(FILE *out, const struct ixs_thermal *thermal)
{
    if (thermal->angle[0] == '\0')
        return;
    fprintf(out, "    the angle of motor %s names the reflection, within %g deg:", thermal->angle,
            thermal->tolerance);
    for (size_t i = 0; i < thermal->nnamed; i++)
        fprintf(out, "%s %g (%s)", i > 0 ? "," : "", thermal->named[i].angle,
                thermal->named[i].reflection);
    fputc('\n', out);
}

static void energy(FILE *out, const struct ixs_instrument *instrument)
{
    if (strcmp(instrument->thermal.by, "recorded") == 0) {
        recorded(out, instrument);
    } else {
        fputs("  energy: from the temperatures of silicon, E_in - E_out, integrated exactly at "
              "each point\n",
              out);
        thermometers(out, instrument);
        worth(out, instrument);
        reflections(out, &instrument->thermal);
    }
    number(out, "    its scale has an error of ", 100.0 * instrument->energy_scale_error,
           " %, as stated\n");
}

/* ---- where the analyzers look ---------------------------------------------------------------- */

static void circles(FILE *out, const struct ixs_instrument *instrument)
{
    const char *const names[] = {instrument->two_theta, instrument->theta, instrument->chi,
                                 instrument->phi,       instrument->mu,    instrument->gamma};
    static const char *const roles[] = {"two theta", "theta", "chi", "phi", "mu", "gamma"};
    fprintf(out, "  circles (%s):", ixs_instrument_sixcircle(instrument) ? "six-circle" : "fourc");
    for (int i = 0; i < 6; i++)
        if (names[i][0] != '\0')
            fprintf(out, " %s = %s;", roles[i], names[i]);
    number(out, " mu = ", instrument->fixed_mu, " deg where a scan has none;");
    number(out, " gamma = ", instrument->fixed_gamma, " deg where a scan has none;");
    number(out, " wavelength ", instrument->wavelength, " A where a scan states none");
    fputc('\n', out);
}

static void slit(FILE *out, const char *name, const struct ixs_slit *slit)
{
    if (!isfinite(slit->distance))
        return;
    fprintf(out, "    slits %s at %g mm: gap", name, slit->distance);
    word(out, " = ", slit->motor, "");
    number(out, slit->motor[0] != '\0' ? ", else " : " ", slit->gap, " mm");
    if (slit->motor[0] == '\0' && !isfinite(slit->gap))
        fputs(" of each analyzer's own motor, or not known: no acceptance then", out);
    number(out, ", openings every ", slit->pitch, " mm");
    fputc('\n', out);
}

static void array(FILE *out, const struct ixs_instrument *instrument)
{
    const struct ixs_array *flat = &instrument->array;
    double pitch = ixs_instrument_pitch(instrument);
    if (isfinite(pitch))
        fprintf(out, "  array: neighbours %.4f deg apart; two theta is that of ", pitch);
    else
        fputs("  array: how far neighbours are apart is not stated; two theta is that of ", out);
    number(out, "position ", instrument->main, "");
    word(out, isfinite(instrument->main) ? ", or of the one that '" : "the one that '",
         instrument->main_metadata, "' of the header names");
    if (isnan(instrument->main) && instrument->main_metadata[0] == '\0')
        fputs("no analyzer: <main> is not stated", out);
    fputc('\n', out);
    if (!isfinite(flat->radius))
        return;
    fprintf(out, "    %s%g mm from the sample", isfinite(flat->pitch_x) ? "flat, " : "",
            flat->radius);
    number(out, ", every ", flat->pitch_x, " mm");
    number(out, ", rows every ", flat->pitch_z, " mm");
    number(out, "; analyzers ", flat->width, " mm wide");
    number(out, ", ", flat->height, " mm high");
    word(out, ", ", flat->shape, "");
    fputc('\n', out);
    slit(out, "in the plane", &flat->slit_x);
    slit(out, "out of the plane", &flat->slit_z);
}

/* ---- counts and sample ----------------------------------------------------------------------- */

static void beam(FILE *out, const struct ixs_instrument *instrument)
{
    const struct ixs_monitoring *monitoring = &instrument->monitoring;
    const struct ixs_polarization *field = &instrument->polarization;
    fprintf(out, "    the monitor's own noise: %g of that of single photons", monitoring->noise);
    if (monitoring->dead_time > 0.0)
        fprintf(out, "; dead for %g s after each count", monitoring->dead_time);
    if (monitoring->dark_rate > 0.0)
        fprintf(out, "; %g count/s dark", monitoring->dark_rate);
    fputc('\n', out);
    for (size_t i = 0; i < instrument->nattenuators; i++)
        fprintf(out, "    attenuator by %s, %zu settings\n", instrument->attenuators[i].name,
                instrument->attenuators[i].nsettings);
    if (field->direction[0] != '\0')
        fprintf(out, "    the beam is polarized: %s, degree %g\n", field->direction, field->degree);
    else
        fputs("    no polarization is stated: no correction\n", out);
}

static void counts(FILE *out, const struct ixs_instrument *instrument)
{
    fprintf(out, "  counts: per monitor %s", stated(instrument->monitor));
    if (isfinite(instrument->reference))
        fprintf(out, ", exposures in seconds at %g count/s", instrument->reference);
    else
        fputs(", exposures in seconds at the median rate of the first scan", out);
    fprintf(out, "; counting time in %s\n", stated(instrument->time));
    beam(out, instrument);
    fputs("  response where none was measured: ", out);
    if (isnan(instrument->fwhm))
        fputs("none, for no FWHM is stated", out);
    number(out, "FWHM ", instrument->fwhm, " meV");
    number(out, ", Lorentzian share ", instrument->eta, "");
    number(out, "; nothing is narrower than ", instrument->narrowest, " meV");
    fputc('\n', out);
}

static void sample(FILE *out, const struct ixs_thermometry *thermometry)
{
    static const char *const places[] = {"column ", "header's ", "motor "};
    fputs("  sample temperature:", out);
    for (size_t i = 0; i < thermometry->nsources; i++)
        fprintf(out, "%s %s%s", i > 0 ? ", else" : "", places[thermometry->sources[i].place],
                thermometry->sources[i].name);
    if (thermometry->nsources == 0)
        fputs(" only as the experiment states it", out);
    fprintf(out, "; plausible from %g to %g K", thermometry->least, thermometry->most);
    number(out, ", +-", thermometry->error, " K");
    for (size_t i = 0; i < thermometry->nsentinels; i++)
        fprintf(out, "%s %g", i > 0 ? "," : "; no reading:", thermometry->sentinels[i]);
    fputc('\n', out);
}

/* ---- the analyzers --------------------------------------------------------------------------- */

static void one(FILE *out, const struct ixs_analyzer *analyzer)
{
    fprintf(out, "    %-24s at %g", analyzer->name, analyzer->position);
    if (analyzer->row != 0.0)
        fprintf(out, " in row %g", analyzer->row);
    number(out, analyzer->offset != 0.0 ? ", off by " : "",
           analyzer->offset != 0.0 ? analyzer->offset : (double)NAN, " deg");
    word(out, ", thermometer ", analyzer->thermometer, "");
    if (analyzer->correction != 0.0)
        fprintf(out, " less %g K", analyzer->correction);
    word(out, ", masked while ", analyzer->mask, "");
    if (analyzer->mask[0] != '\0')
        fprintf(out, " < %g mm", analyzer->open);
    number(out, ", zero ", analyzer->zero, " meV");
    number(out, ", FWHM ", analyzer->fwhm, " meV");
    number(out, ", efficiency ", analyzer->efficiency, "");
    number(out, ", dark ", analyzer->dark_rate, " count/s");
    number(out, ", dead time ", analyzer->dead_time, " s");
    fputs(analyzer->unused ? ", not used\n" : "\n", out);
}

static void tell(FILE *out, const struct ixs_instrument *instrument)
{
    size_t used = 0;
    const char *complaint = ixs_instrument_complaint(instrument);
    energy(out, instrument);
    circles(out, instrument);
    array(out, instrument);
    counts(out, instrument);
    sample(out, &instrument->temperature);
    for (size_t a = 0; a < instrument->nanalyzers; a++)
        used += !instrument->analyzers[a].unused;
    fprintf(out, "  analyzers: %zu places, %zu used\n", instrument->nanalyzers, used);
    for (size_t a = 0; a < instrument->nanalyzers; a++)
        one(out, &instrument->analyzers[a]);
    if (complaint != NULL)
        fprintf(out, "  it cannot be used alone: found an instrument with %s\n", complaint);
}

bool ixs_instrument_words(FILE *out, const char *path, bool check, struct ixs_err *err)
{
    struct ixs_instrument instrument;
    if (!ixs_instrument_read(&instrument, path, NULL, err))
        return false;
    if (check) {
        const char *complaint = ixs_instrument_complaint(&instrument);
        fprintf(out, "%s: OK%s%s\n", path, complaint ? ", but not to be used alone: it has " : "",
                complaint ? complaint : "");
        return true;
    }
    fprintf(out, "%s: instrument %s\n", path, instrument.name[0] ? instrument.name : "(no name)");
    tell(out, &instrument);
    return true;
}
