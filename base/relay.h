/* SPDX-License-Identifier: GPL-3.0-or-later
 * A ring of places that one thread fills and another empties, in order. What lies in the places is
 * the callers'; here is only whose turn it is.
 */
#ifndef IXS_BASE_RELAY_H
#define IXS_BASE_RELAY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct ixs_relay {
    size_t room;        /* places */
    size_t made, taken; /* so far; made - taken <= room */
    bool stopped;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

void ixs_relay_begin(struct ixs_relay *relay, size_t room);
void ixs_relay_end(struct ixs_relay *relay); /* no thread waits any more */

/* For the one that fills: waits for a free place, and hands it over once it is filled. False: the
 * relay is stopped. */
bool ixs_relay_wait_free(struct ixs_relay *relay, size_t *place);
void ixs_relay_hand_over(struct ixs_relay *relay);

/* For the one that empties: waits for the next filled place, and gives it back. False: the relay is
 * stopped, and all that was handed over is taken. */
bool ixs_relay_wait_made(struct ixs_relay *relay, size_t *place);
void ixs_relay_give_back(struct ixs_relay *relay);

/* No more is handed over, or no more is wanted; either side may say so, more than once. */
void ixs_relay_stop(struct ixs_relay *relay);

#endif
