/* SPDX-License-Identifier: GPL-3.0-or-later
 * An experiment XML of a beamtime of which only the SPEC file is known: every scan with the role it
 * looks good for, the lattice and the temperatures that the scans state. It runs unedited; what the
 * scans themselves say is left to them, in comments, so that nothing is decided by drafting.
 */
#include "calib/plan/plan.h"

#include "base/array.h"
#include "base/memfile.h"
#include "base/path.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In a comment or an attribute: printable ASCII, no markup, no two dashes together. */
static void print_plain(FILE *out, const char *text)
{
    char before = ' ';
    for (; *text != '\0'; text++) {
        char c = *text >= ' ' && *text < 127 && strchr("<>&\"", *text) == NULL ? *text : ' ';
        if (c == '-' && before == '-')
            fputc(' ', out);
        if (c != ' ' || before != ' ')
            fputc(c, out);
        before = c;
    }
}

static bool same_lattice(const double a[6], const double b[6])
{
    for (int i = 0; i < 6; i++)
        if (!(fabs(a[i] - b[i]) < 1e-4))
            return false;
    return true;
}

/* The first phonon scan, or NULL; *agree: all of them state its lattice. */
static const struct ixs_plan_scan *find_crystal(const struct ixs_plan *plan, bool *agree)
{
    const struct ixs_plan_scan *first = NULL;
    *agree = true;
    for (size_t i = 0; i < plan->nscans; i++) {
        const struct ixs_plan_scan *scan = &plan->scans[i];
        if (scan->role != IXS_ROLE_PHONON)
            continue;
        if (first == NULL)
            first = scan;
        *agree = *agree && same_lattice(first->lattice, scan->lattice);
    }
    return first;
}

static void print_lattice(FILE *out, const struct ixs_plan_scan *crystal, bool agree)
{
    static const char *const names[] = {"a", "b", "c", "alpha", "beta", "gamma"};
    const double *lattice = crystal->lattice;
    if (isnan(lattice[0])) {
        fputs("    <!-- No lattice is stated in the scans: without one (or amorphous) no HKL.\n",
              out);
        lattice = (const double[]){5, 5, 5, 90, 90, 90};
    } else if (agree) {
        fputs("    <!-- The lattice that the phonon scans state; stated here it would go over "
              "them.\n",
              out);
    } else {
        fprintf(out, "    <!-- The phonon scans do not state one lattice; scan %" PRId64 " has\n",
                crystal->number);
    }
    fputs("    <lattice>\n", out);
    for (int i = 0; i < 6; i++)
        fprintf(out, "      <%s unit=\"%s\">%.10g</%s>\n", names[i], i < 3 ? "Angstrom" : "deg",
                lattice[i], names[i]);
    fputs("    </lattice> -->\n", out);
}

static void print_temperature(FILE *out, const struct ixs_plan *plan)
{
    double low = INFINITY, high = -INFINITY;
    size_t silent = 0, count = 0;
    for (size_t i = 0; i < plan->nscans; i++) {
        const struct ixs_plan_scan *scan = &plan->scans[i];
        if (scan->role != IXS_ROLE_PHONON)
            continue;
        count++;
        silent += isnan(scan->kelvin) ? 1 : 0;
        low = fmin(low, scan->kelvin);
        high = fmax(high, scan->kelvin);
    }
    if (count == silent)
        fputs("    <!-- No thermometer tells the temperature: state it.\n"
              "    <temperature unit=\"K\" error=\"1\">295</temperature> -->\n",
              out);
    else
        fprintf(
            out,
            "    <!-- Thermometers of the phonon scans read %.2f to %.2f K (%zu scans without).\n"
            "         Each scan has its own, unless one is stated for all:\n"
            "    <temperature unit=\"K\" error=\"1\">%.2f</temperature> -->\n",
            low, high, silent, 0.5 * (low + high));
}

static void print_sample(FILE *out, const struct ixs_plan *plan)
{
    bool agree;
    const struct ixs_plan_scan *crystal = find_crystal(plan, &agree);
    const char *title = plan->nscans > 0 ? plan->scans[plan->nscans - 1].title : "";
    fputs("  <sample", out);
    if (strspn(title, " ") != strlen(title)) {
        fputs(" name=\"", out);
        print_plain(out, title);
        fputs("\"> <!-- as the last header has it, which may be the name of a program -->\n", out);
    } else {
        fputs(">\n", out);
    }
    if (crystal != NULL) {
        print_lattice(out, crystal, agree);
        fputs("    <!-- Which reciprocal-lattice points there are: P, A, B, C, I, F or R.\n"
              "    <centring>P</centring> -->\n",
              out);
        print_temperature(out, plan);
    }
    fputs("    <!-- For a glass or a liquid, whatever lattice the scans state:\n"
          "    <amorphous>true</amorphous> -->\n"
          "  </sample>\n\n",
          out);
}

static void print_scan(FILE *out, const struct ixs_plan_scan *scan)
{
    char list[48];
    if (scan->order > 1)
        snprintf(list, sizeof list, "%" PRId64 ".%" PRId64, scan->number, scan->order);
    else
        snprintf(list, sizeof list, "%" PRId64, scan->number);
    fprintf(out, "    <scans role=\"%s\">%s</scans> <!-- ", ixs_role_word(scan->role), list);
    print_plain(out, scan->command);
    fprintf(out, "; %" PRId64, scan->npoints);
    if (scan->nplanned >= 0)
        fprintf(out, " of %" PRId64, scan->nplanned);
    fprintf(out, " points, %s; ", scan->ended);
    if (isfinite(scan->kelvin) && scan->role != IXS_ROLE_OTHER)
        fprintf(out, "%.2f K; ", scan->kelvin);
    print_plain(out, scan->why);
    fputs(" -->\n", out);
}

static void print_spec(FILE *out, const struct ixs_plan *plan, const char *spec)
{
    fprintf(
        out,
        "  <!-- reference: of a sample that scatters elastically, for responses and zeros;\n"
        "       phonon: to be reduced and fitted; other: passed over. The last line that names a\n"
        "       scan counts, and lists such as 12,14-20,1.2 (the second scan 1) are good too. A\n"
        "       scan that no line names, such as one to come, gets the role it looks good for.\n"
        "       finished=\"true\" takes a last scan without an end as far as it goes. -->\n"
        "  <spec file=\"%s\">\n"
        "    <!-- ixs-watch takes a scan without an end to be over after so long without a line:\n"
        "    <settle unit=\"s\">600</settle> -->\n",
        spec);
    for (size_t i = 0; i < plan->nscans; i++)
        if (strcmp(plan->scans[i].ended, "WRITING") != 0)
            print_scan(out, &plan->scans[i]);
    fputs("  </spec>\n\n", out);
}

static void print_draft(FILE *out, const struct ixs_plan *plan, const char *spec,
                        const char *instrument, const char *name)
{
    fprintf(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<!-- A beamtime, drafted by ixs-plan from what %s says. It runs as it stands:\n"
            "       ixs-plan %s -o Makefile\n"
            "       make\n"
            "     Change what you know better; make then redoes what depends on it. -->\n"
            "<experiment>\n"
            "  <instrument file=\"%s\">\n"
            "    <!-- What this beamtime has otherwise, in the words of that file:\n"
            "    <pitch unit=\"deg\">0.95</pitch> -->\n"
            "  </instrument>\n"
            "  <!-- What to fit; without it ixs-fit chooses the number of modes.\n"
            "  <model file=\"model.xml\"/> -->\n"
            "  <!-- A calibration that is there already, instead of one from reference scans.\n"
            "  <calibration file=\"calib.fits\"/> -->\n",
            ixs_base_name(spec), name, instrument);
    print_sample(out, plan);
    print_spec(out, plan, spec);
    fputs("  <!-- Scans that repeat each other are merged before they are fitted, unless:\n"
          "  <merge repeats=\"separate\"/> -->\n"
          "  <!-- A zero that you know, of one analyzer (in one scan), and points not to be used:\n"
          "  <zero analyzer=\"Ana7\" scan=\"60\" unit=\"meV\" error=\"0.03\">7.47</zero>\n"
          "  <exclude scan=\"60\" analyzer=\"Ana3\" from=\"1\" to=\"5\" reason=\"shutter still "
          "closed\"/> -->\n"
          "</experiment>\n",
          out);
}

void ixs_plan_doubt(const struct ixs_plan *plan, struct ixs_notes *notes)
{
    const struct ixs_instrument *instrument = &plan->experiment.instrument;
    for (size_t i = 0; i < plan->nscans; i++)
        if (strcmp(plan->scans[i].why, ixs_role_no_energy) != 0)
            return;
    if (plan->nscans > 0)
        ixs_note(
            notes, plan->files[0].path, 0,
            "found no scan of %s, the energy axis of instrument %s: is it of another beamline?",
            instrument->energy, instrument->name);
}

bool ixs_plan_draft(const struct ixs_plan *plan, const char *path, const struct ixs_commit *how,
                    struct ixs_err *err)
{
    struct ixs_memfile file = {0};
    char *folder = ixs_path_folder(path, err), *spec = NULL, *instrument = NULL;
    bool ok = folder != NULL && (spec = ixs_path_from(folder, plan->files[0].path, err)) != NULL &&
              (instrument = ixs_path_from(folder, plan->instrument, err)) != NULL &&
              ixs_memfile_begin(&file, err);
    if (ok)
        print_draft(file.out, plan, spec, instrument, ixs_base_name(path));
    ok = ok && ixs_memfile_end(&file, err) &&
         ixs_file_commit(path, file.text, file.size, how, NULL, err);
    ixs_memfile_dispose(&file);
    free(folder);
    free(spec);
    free(instrument);
    return ok;
}
