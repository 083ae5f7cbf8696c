/* SPDX-License-Identifier: GPL-3.0-or-later
 * MCA spectra of a SPEC scan.
 */
#include "calib/spec/mca.h"

#include "base/array.h"
#include "base/lines.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CHANNELS = 1 << 24 };

void ixs_spec_mca_channels(struct ixs_spec_mca *mca, const char *text)
{
    double numbers[4];
    size_t count = ixs_spec_numbers(text, 4, numbers);
    mca->first = count > 1 && fabs(numbers[1]) < 1e9 ? numbers[1] : 0;
    mca->step = count > 3 && numbers[3] >= 1 && numbers[3] < 1e9 ? numbers[3] : 1;
}

bool ixs_spec_mca_begins(const struct ixs_spec_line *line)
{
    const char *text = line->text + strspn(line->text, " \t");
    return line->kind == IXS_SPEC_MCA && text[0] == '@' && text[1] == 'A' &&
           !isalpha((unsigned char)text[2]);
}

static void begin(struct ixs_spec_mca *mca, size_t npoints)
{
    if (mca->nspectra++ == 0)
        mca->before = npoints == 0;
    mca->detector++;
}

/* The row that spectra belong to which come now, from 1; 0: none. */
static int64_t point_of(const struct ixs_spec_mca *mca, size_t npoints)
{
    if (mca->before)
        return (int64_t)npoints + 1;
    return mca->after_drop ? 0 : (int64_t)npoints;
}

static bool add_channel(struct ixs_spec_mca *mca, size_t npoints, double counts,
                        const struct ixs_spec_place *place, struct ixs_err *err)
{
    if (mca->nchannels >= MOST_CHANNELS)
        return ixs_fail_at(err, IXS_INPUT, place->path, place->line,
                           "found a scan of more than %d MCA channels", MOST_CHANNELS);
    if (!IXS_MORE(mca->channels, &mca->capacity, mca->nchannels, err))
        return false;
    struct ixs_raw_channel *channel = &mca->channels[mca->nchannels];
    const struct ixs_raw_channel *last = mca->nchannels > mca->since ? channel - 1 : NULL;
    *channel = (struct ixs_raw_channel){.point = point_of(mca, npoints),
                                        .detector = mca->detector,
                                        .channel = (int64_t)mca->first,
                                        .counts = counts};
    if (last != NULL && last->detector == mca->detector)
        channel->channel = last->channel + (mca->step > 0 ? (int64_t)mca->step : 1);
    mca->nchannels++;
    return true;
}

/* The next word; what is no number is missing. False at the end. */
static bool next_counts(const char **text, double *counts)
{
    size_t length;
    if (ixs_spec_value(text, counts))
        return true;
    *counts = NAN;
    return ixs_word(text, &length) != NULL;
}

bool ixs_spec_mca_add(struct ixs_spec_mca *mca, const struct ixs_spec_line *line, bool goes_on,
                      size_t npoints, const struct ixs_spec_place *place, struct ixs_err *err)
{
    const char *text = line->text;
    size_t length;
    double counts;
    if (!goes_on) {
        begin(mca, npoints);
        ixs_word(&text, &length); /* "@A" */
    }
    bool ok = true;
    while (ok && mca->keep && next_counts(&text, &counts))
        ok = add_channel(mca, npoints, counts, place, err);
    return ok;
}

void ixs_spec_mca_row(struct ixs_spec_mca *mca, bool kept)
{
    if (mca->before && !kept)
        for (size_t i = mca->since; i < mca->nchannels; i++)
            mca->channels[i].point = 0;
    mca->since = mca->nchannels;
    mca->detector = 0;
    mca->after_drop = !kept;
}

void ixs_spec_mca_dispose(struct ixs_spec_mca *mca)
{
    free(mca->channels);
    *mca = (struct ixs_spec_mca){0};
}
